/*
id: duplicate_dibao
title: {zh: 同一人列入两个低保户, en: In two protected households}
direction: doubt
severity: 3
reads:
  dibao_roster: tells
legal_basis:
  zh: 《社会救助暂行办法》(由共同生活的家庭成员以家庭为单位申请);条款假定(assumed)
  en: Interim Measures on Social Assistance (applied for by members living together, as one household); the provision is assumed
check_on_visit:
  zh: 问明本人实际在哪一户生活、何时迁入;两地是否都在发放;婚嫁、分户、迁移手续办到哪一步。
  en: Ask in which household the person really lives and since when; whether both are paid; how far a marriage, split or move has been registered.
can_be_wrong:
  zh: 迁移正在办理;两人身份号码登记错误;一户已停发、名册尚未更新。
  en: A move under way; two people's numbers mixed up; one household already stopped and not yet updated.
*/
-- Both households get a flag, each naming the other, so that the reviewers of both see it. Somebody who is only counted
-- in one of them, and not paid for, is not paid twice: nobody owes anything, and the lead is on the office, at the lowest severity. It
-- counts a head twice, in the arithmetic of two households, and one of the two rosters is to be corrected. A move of this month is under way, and a
-- gradual exit that ends in it, or has ended, is no second benefit: exit_buffer_expired asks whether it is paid past its end.
WITH places AS (
    SELECT place.person_id, place.household_id, place.member_id, place.evidence, member.name, member.division,
           member.monthly_amount, in_this_month(member.moved_in_on) OR member.started_on IS NULL OR in_this_month(member.started_on) AS moving,
           member.recipient = 'yes' AS paid
    FROM membership AS place
    JOIN dibao_roster AS member ON member.household_no = place.household_id AND member.member_no = place.member_id
    WHERE place.scheme = 'dibao'
      AND (member.status = 'active' OR (member.status = 'exiting' AND goes_on(member.exit_ends_on)))
), doubled AS (
    SELECT here.*, there.household_id AS other_household, there.division AS other_division,
           there.evidence AS other_evidence, here.paid AND there.paid AS paid_twice
    FROM places AS here
    JOIN places AS there ON there.person_id = here.person_id AND there.household_id <> here.household_id
    WHERE NOT here.moving AND NOT there.moving
)
SELECT 'dibao' AS scheme, household_id, member_id, 'dibao_household:' || other_household AS record_key,
       NULL AS period, monthly_amount AS amount, CASE WHEN paid_twice THEN 3 ELSE 1 END AS severity,
       mask_name(name) || ' 同时列在另一低保户 ' || mask_number(other_household) || '(区划 '
       || left(other_division, 6) || '),' || CASE paid_twice WHEN true THEN '两户均为保障对象' WHEN false THEN '其中一户不是保障对象,并未重复领取,请核对应列入哪一户' ELSE '是否均为保障对象不详' END
       AS reason_zh,
       mask_name(name) || ' is also in the dibao household ' || mask_number(other_household)
       || ' (division ' || left(other_division, 6) || '); '
       || CASE paid_twice WHEN true THEN 'paid for in both' WHEN false THEN 'not paid for in one of them, so paid once: which roster is right'
                       ELSE 'whether paid for in both is not known' END AS reason_en,
       [evidence, other_evidence] AS evidence
FROM doubled
