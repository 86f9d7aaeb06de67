/*
id: deceased_recipient
title: {zh: 死亡人员仍在领取, en: Paid after death}
direction: doubt
severity: 3
reads:
  dibao_roster: tells
  tekun_roster: tells
  death_cancellation: tells
  cremation: tells
  household_register: absence tells
contradicted_by: {alive_on_register: silences}
legal_basis:
  - to: 2021-06-30
    zh: 《社会救助暂行办法》(家庭人口变化应当告知并据以调整、停发);《最低生活保障审核审批办法(试行)》(2012)关于成员死亡后复核的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance (a change of the household is reported and the benefit adjusted); Trial measures of 2012, review after a death; the provision is assumed
  - from: 2021-07-01
    zh: 《社会救助暂行办法》(家庭人口变化应当告知并据以调整、停发);《最低生活保障审核确认办法》(2021)关于成员死亡后复核的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance (a change of the household is reported and the benefit adjusted); Measures of 2021, review after a death; the provision is assumed
check_on_visit:
  zh: 核对死亡证明或火化证,确认与名册是同一人;问明去世日期和去世后保障金由谁领取、是否已报告村(居)委会。
  en: See the death or cremation certificate and make sure it is the same person; ask when they died, who drew the benefit since, and whether the village was told.
can_be_wrong:
  zh: 同名同号差错使他人的死亡记到本人名下;死亡日期填写有误;停发手续已办、名册尚未更新。
  en: Another person's death recorded under this number; a wrong date of death; the stop already decided and the roster not yet updated.
*/
-- A death of the night's month is not flagged: the benefit of that month was due, and where an end is entered in it, the
-- stop is decided. A record without a readable day of death goes by that of the cancellation or cremation, which is no earlier;
-- without any, or with one that is yet to come, it does not say when. Where two records of a death give different dates, the later one
-- counts; while one of the two registers is not delivered, or has a record that does not say when, a death of last month may yet turn
-- out to be of this one, and waits a month.
WITH deaths AS (
    SELECT * REPLACE (CASE WHEN died_on <= as_of() THEN died_on END AS died_on)
    FROM (SELECT scheme, household_id, member_id, coalesce(death_date, cancelled_on) AS died_on, evidence
          FROM linked_death_cancellation
          UNION ALL
          SELECT scheme, household_id, member_id, coalesce(death_date, cremated_on), evidence
          FROM linked_cremation)
), paid AS (
    SELECT 'dibao' AS scheme, household_no AS household_id, member_no AS member_id, name, monthly_amount
    FROM dibao_roster
    WHERE recipient = 'yes' AND status IN ('active', 'exiting')
    UNION ALL
    SELECT 'tekun', person_no, person_no, name, monthly_amount
    FROM tekun_roster
    WHERE status = 'active' AND goes_on(ended_on)
)
SELECT scheme, household_id, member_id, 'death' AS record_key, NULL AS period, any_value(monthly_amount) AS amount,
       mask_name(any_value(name)) || ' 于 ' || max(died_on) || ' 死亡,名册上仍在领取' AS reason_zh,
       mask_name(any_value(name)) || ' died on ' || max(died_on) || ' and is still paid by the roster' AS reason_en,
       list(evidence) AS evidence, max(died_on) AS claim_on, max(died_on) AS ground_on
FROM deaths JOIN paid USING (scheme, household_id, member_id)
GROUP BY scheme, household_id, member_id
HAVING max(died_on) < CASE WHEN count(died_on) = count(*) AND delivered('death_cancellation') AND delivered('cremation') THEN this_month()
                           ELSE (this_month() - to_months(1))::DATE END
