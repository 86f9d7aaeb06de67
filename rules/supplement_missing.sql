/*
id: supplement_missing
title: {zh: 应享分类施保未享, en: Entitled to a supplement and not paid it}
direction: protect
severity: 2
reads:
  dibao_roster: tells
  disability_certificate: may tell
  student_enrolment: may tell
parameters: [elderly_age, severe_disability_levels, student_supplement_stages]
legal_basis:
  zh: 《社会救助暂行办法》(对获得低保后生活仍有困难的老年人、未成年人、重度残疾人和重病患者增发);贵州省分类施保规定;条款假定(assumed)
  en: Interim Measures on Social Assistance (more for the elderly, minors, the severely disabled and the gravely ill); provincial category support; the provision is assumed
check_on_visit:
  zh: 看残疾人证、学生证、年龄;告知可享分类施保并协助补办。
  en: See the certificate, student card or age; tell them of the supplement and help them to get it.
can_be_wrong:
  zh: 证件已失效未更新;本人另有更高待遇;刚满条件、正在审批。
  en: A certificate no longer valid; a better benefit instead; newly entitled and under approval.
*/
WITH unpaid AS (
    SELECT *, datesub('year', birth_date, as_of()) AS age
    FROM dibao_member
    WHERE status = 'active' AND recipient = 'yes' AND coalesce(supplement_amount, 0) = 0
), entitled AS (
    SELECT unpaid.*, '重度残疾 ' || certificate.level || ' 级' AS zh, 'a disability of level ' || certificate.level AS en,
           certificate.evidence AS ground
    FROM unpaid JOIN linked_disability_certificate AS certificate USING (scheme, household_id, member_id)
    WHERE certificate.status = 'valid'
      AND due(certificate.valid_until)
      AND certificate.level IN policy('severe_disability_levels', unpaid.division)
    UNION ALL
    SELECT unpaid.*, '在校学生', 'enrolment', enrolment.evidence
    FROM unpaid JOIN linked_student_enrolment AS enrolment USING (scheme, household_id, member_id)
    WHERE enrolment.status = 'enrolled'
      AND enrolment.stage IN policy('student_supplement_stages', unpaid.division)
    UNION ALL
    SELECT unpaid.*, '年满 ' || age || ' 岁', 'age ' || age, evidence
    FROM unpaid
    WHERE age >= policy('elderly_age', division)
)
SELECT 'dibao' AS scheme, household_id, member_id, 'supplement:missing' AS record_key, NULL AS period,
       any_value(monthly_amount) AS amount,
       mask_name(any_value(name)) || ' 符合分类施保(' || string_agg(DISTINCT zh, '、' ORDER BY zh) || '),未领取' AS reason_zh,
       mask_name(any_value(name)) || ' is due a category supplement (' || string_agg(DISTINCT en, ', ' ORDER BY en)
       || ') and is not paid one' AS reason_en, list_distinct(list(evidence) || list(ground)) AS evidence
FROM entitled
GROUP BY household_id, member_id
