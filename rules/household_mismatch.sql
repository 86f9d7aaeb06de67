/*
id: household_mismatch
title: {zh: 户籍与申报家庭不一致, en: Household register disagrees}
direction: doubt
severity: 1
reads:
  dibao_roster: tells
  household_register: tells
legal_basis:
  zh: 《最低生活保障审核确认办法》(2021)第七条(共同生活的家庭成员)
  en: Measures of 2021, art. 7 (who belongs to the household)
check_on_visit:
  zh: 看户口簿;问实际与谁共同生活、何时分户或迁移。
  en: See the household booklet; ask whom the person lives with and when the household was split.
can_be_wrong:
  zh: 户口未随人迁移;人户分离但确实共同生活。
  en: Registration did not follow the move; registered apart and yet living together.
*/
-- Compared with where most of the household is registered. Somebody on two dibao households is duplicate_dibao's matter.
WITH registered AS (
    SELECT household_id, member_id, own.row_key, own.household_no, own.registered_on, own.evidence, member.relation_to_head
    FROM linked_household_register AS own
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE own.status = 'normal'
), usual AS (
    SELECT household_id, household_no, count(DISTINCT member_id) AS members
    FROM registered
    GROUP BY household_id, household_no
    QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY count(DISTINCT member_id) DESC,
                               bool_or(relation_to_head = 'head') DESC,
                               household_no) = 1
), elsewhere AS (
    SELECT registered.* FROM registered JOIN usual USING (household_id)
    WHERE registered.household_no <> usual.household_no
)
SELECT 'dibao' AS scheme, household_id, member_id, 'household_register:' || elsewhere.row_key AS record_key, NULL AS period,
       member.monthly_amount AS amount,
       mask_name(member.name) || ' 户籍在另一户 ' || mask_number(elsewhere.household_no)
       || coalesce(',登记日期 ' || elsewhere.registered_on, '') AS reason_zh,
       mask_name(member.name) || ' is registered in another household ' || mask_number(elsewhere.household_no)
       || coalesce(', since ' || elsewhere.registered_on, '') AS reason_en, [elsewhere.evidence] AS evidence
FROM elsewhere
JOIN paid_member AS member USING (household_id, member_id)
ANTI JOIN double_place USING (household_id, member_id)
WHERE member.recipient = 'yes'
  AND NOT in_this_month(elsewhere.registered_on)
  AND NOT EXISTS (SELECT 1 FROM registered AS own JOIN usual USING (household_id, household_no)
                  WHERE own.household_id = elsewhere.household_id AND own.member_id = elsewhere.member_id)
