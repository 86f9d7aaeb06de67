/*
id: supplement_missing
title: {zh: 应享分类施保未享, en: Entitled to a supplement and not paid it}
direction: protect
severity: 2
reads:
  dibao_roster: tells
  disability_certificate: may tell
  medical_expense: may tell
  student_enrolment: may tell
parameters: [adult_age, elderly_age, medical_lookback_months, severe_by_kind, severe_disability_levels, student_supplement_stages]
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
-- Whom the roster has in a category and pays nothing for it is due it too.
WITH unpaid AS (
    SELECT member.*, datesub('year', place.born, as_of()) AS age
    FROM dibao_member AS member
    JOIN membership AS place USING (scheme, household_id, member_id)
    WHERE member.status = 'active' AND member.recipient = 'yes' AND coalesce(member.supplement_amount, 0) = 0
), entitled AS (
    SELECT unpaid.*, '重度残疾 ' || certificate.level || ' 级' AS zh, 'a disability of level ' || certificate.level AS en,
           certificate.evidence AS ground
    FROM unpaid JOIN severe_certificate AS certificate USING (scheme, household_id, member_id)
    UNION ALL
    SELECT unpaid.*, '在校学生', 'enrolment', enrolment.evidence
    FROM unpaid JOIN linked_student_enrolment AS enrolment USING (scheme, household_id, member_id)
    WHERE enrolment.status = 'enrolled'
      AND enrolment.stage IN policy('student_supplement_stages', unpaid.division)
    UNION ALL
    SELECT unpaid.*, '重病', 'a grave illness', bill.evidence
    FROM unpaid JOIN recent_bill AS bill USING (scheme, household_id, member_id)
    WHERE bill.serious_illness = 'yes'
    UNION ALL
    SELECT unpaid.*, '年满 ' || age || ' 岁', 'age ' || age, evidence
    FROM unpaid
    WHERE age >= policy('elderly_age', division)
    UNION ALL
    SELECT unpaid.*, '未成年人', 'a minor', evidence
    FROM unpaid
    WHERE age < policy('adult_age', division)
    UNION ALL
    SELECT unpaid.*, '已列入分类施保', 'the category entered', evidence
    FROM unpaid
    WHERE supplement_kind <> 'none'
)
SELECT 'dibao' AS scheme, household_id, member_id, 'supplement:missing' AS record_key, NULL AS period,
       any_value(monthly_amount) AS amount,
       mask_name(any_value(name)) || ' 符合分类施保(' || string_agg(DISTINCT zh, '、' ORDER BY zh) || '),未领取' AS reason_zh,
       mask_name(any_value(name)) || ' is due a category supplement (' || string_agg(DISTINCT en, ', ' ORDER BY en)
       || ') and is not paid one' AS reason_en, list_distinct(list(evidence) || list(ground)) AS evidence
FROM entitled
GROUP BY household_id, member_id
