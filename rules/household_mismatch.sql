/*
id: household_mismatch
title: {zh: 在职成年子女未列入家庭, en: Earning child kept off the roster}
direction: doubt
severity: 1
reads:
  dibao_roster: tells
  household_register: absence tells
  income_tax: tells
  pension_contribution: tells
  employee_insurance: tells
  employment_registration: tells
  fiscal_payroll: tells
  marriage: absence tells
  student_enrolment: absence tells
parameters: [adult_age, dependent_student_stages, earning_lookback_months, recurring_months, urban_standard_monthly, rural_standard_yearly]
contradicted_by: {married_away: silences}
counts: [household]
legal_basis:
  - to: 2021-06-30
    zh: 《最低生活保障审核审批办法(试行)》(2012)(共同生活的家庭成员);条款假定(assumed)
    en: Trial measures of 2012 (who belongs to the household); the provision is assumed
  - from: 2021-07-01
    zh: 《最低生活保障审核确认办法》(2021)第七条(共同生活的家庭成员:其他具有法定赡养、扶养、抚养义务关系并长期共同居住的人)
    en: Measures of 2021, art. 7 (who belongs to the household, others with a legal duty of support who live together long-term)
check_on_visit:
  zh: 看户口簿;问子女实际住在哪里、是否长期共同居住、收入如何使用;户口不决定是否共同生活。
  en: See the booklet; ask where the child really lives, whether long-term with the family, and what becomes of the wage; the booklet does not decide.
can_be_wrong:
  zh: 子女在外独立生活、户口未迁出;已成家分户未办手续;缴费由挂靠单位办理。
  en: The child lives on its own elsewhere and is still registered here; married and not yet split off; contributions paid through another's firm.
*/
-- Whose booklet somebody is in does not decide who belongs to the household: members registered apart are none of this
-- rule's matter. It asks after a grown child on the entry of the head, or of the head's spouse, who earns more than the local
-- standard and whom no roster knows, under another spelling or a damaged number either. A student in full-time study is a dependant,
-- whatever a summer brought; who is married and has no spouse on that entry has a household of their own, and never moved the entry.
WITH entry AS (
    SELECT own.household_id, own.household_no, any_value(member.division) AS division, bool_or(member.area = 'urban') AS urban,
           any_value(member.monthly_amount) AS amount, list(own.evidence) AS evidence
    FROM linked_household_register AS own
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE own.status = 'normal' AND member.relation_to_head IN ('head', 'spouse')
      AND coalesce(own.relation_to_head, 'head') IN ('head', 'spouse')
    GROUP BY own.household_id, own.household_no
), child AS (
    SELECT entry.*, person.id_number, person.name, person.row_key,
           coalesce(person.birth_date, try_strptime(substr(person.id_number, 7, 8), '%Y%m%d')::DATE) AS born
    FROM household_register AS person
    JOIN entry USING (household_no)
    WHERE person.status = 'normal' AND person.relation_to_head IN ('son', 'daughter') AND person.id_number_verdict = 'sound'
), unlisted AS (
    SELECT child.*
    FROM child
    ANTI JOIN (SELECT id_number FROM membership WHERE is_protected) AS known USING (id_number)
    ANTI JOIN dibao_member AS namesake USING (household_id, name)
    ANTI JOIN (SELECT household_id, birth_date AS born FROM dibao_member
               WHERE id_number_verdict NOT IN ('sound', 'sound_15')) AS unread USING (household_id, born)
    ANTI JOIN (SELECT id_number FROM student_enrolment
               WHERE coalesce(status, 'enrolled') IN ('enrolled', 'suspended') AND full_time IS DISTINCT FROM 'no'
                 AND coalesce(stage IN policy('dependent_student_stages', province()), true)) AS studying USING (id_number)
    WHERE datesub('year', born, as_of()) >= policy('adult_age', division)
), earning AS (
    SELECT unlisted.household_id, unlisted.row_key, max(record.wage) AS wage,
           list({'type': record.type, 'role': 'self', 'row_key': record.row_key, 'link_reason': 'exact'}) AS records
    FROM unlisted JOIN earning_record AS record USING (id_number, name)
    GROUP BY unlisted.household_id, unlisted.row_key
)
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'household_register:' || row_key AS record_key, NULL AS period, amount,
       '户籍同户的成年子女 ' || mask_name(name) || ' 在职(月 ' || wage || ' 元),未列入名册' AS reason_zh,
       'A grown child on the same register entry, ' || mask_name(name) || ', is in work (' || wage
       || ' yuan a month) and not on the roster' AS reason_en,
       evidence || [{'type': 'household_register', 'role': 'self', 'row_key': row_key, 'link_reason': 'household'}] || records
       AS evidence
FROM unlisted JOIN earning USING (household_id, row_key)
WHERE wage >= CASE WHEN urban THEN policy('urban_standard_monthly', division)
                   WHEN NOT urban THEN policy('rural_standard_yearly', division) / 12 END
