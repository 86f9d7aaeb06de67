/*
id: counted_member
says:
  zh: 法律上的共同生活家庭成员:户主、配偶、未成年人、全日制在读(至本科)的成员,以及已列为保障对象的成员。户内状态不同的,按仍在保障者。
  en: >-
    The household as the law counts it: head, spouse, minors, members in full-time study up to a bachelor's degree, and all
    whom the roster has as recipients. Where lines of a household differ in status, those that are still paid.
parameters: [adult_age, dependent_student_stages]
*/
WITH standing AS (
    SELECT household_id, CASE WHEN bool_or(status = 'active') THEN 'active' WHEN bool_or(status = 'exiting') THEN 'exiting'
                              WHEN bool_or(status = 'stopped') THEN 'stopped' ELSE 'suspended' END AS status
    FROM dibao_member
    GROUP BY household_id
)
SELECT member.*
FROM dibao_member AS member
JOIN standing USING (household_id, status)
WHERE member.recipient = 'yes'
   OR member.relation_to_head IN ('head', 'spouse')
   OR datesub('year', member.birth_date, as_of()) < policy('adult_age', member.division)
   OR (member.household_id, member.member_id) IN (
       SELECT (enrolment.household_id, enrolment.member_id)
       FROM possible_enrolment AS enrolment JOIN dibao_member USING (household_id, member_id)
       WHERE enrolment.full_time = 'yes' AND enrolment.stage IN policy('dependent_student_stages', division))
