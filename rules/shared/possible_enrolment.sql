/*
id: possible_enrolment
says:
  zh: 可能属于低保成员的在籍学籍:已对上的;未对上但同名或同号、同生日的;证号不可用但同日出生、同一乡镇的。
  en: >-
    Running enrolments that may be a member's: linked; not linked, but of the same name or number and birth date; or without a sound
    number, born that day in the same township.
reads: [student_enrolment]
*/
SELECT scheme, household_id, member_id, stage, full_time, tuition, evidence
FROM linked_student_enrolment
WHERE status IN ('enrolled', 'suspended')
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, enrolment.stage, enrolment.full_time, enrolment.tuition, NULL
FROM student_enrolment AS enrolment
JOIN dibao_member AS member ON member.birth_date = enrolment.birth_date
WHERE enrolment.status IN ('enrolled', 'suspended')
  AND (enrolment.name = member.name OR enrolment.id_number = member.id_number
       OR (enrolment.id_number_verdict <> 'sound' AND left(enrolment.division, 9) = left(member.division, 9)))
