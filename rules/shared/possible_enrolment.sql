/*
id: possible_enrolment
says:
  zh: 可能属于低保成员的在籍学籍:已对上的;未对上但同名或同号、同生日的;证号不可用但同日出生、同一乡镇的。
  en: >-
    Running enrolments that may be a member's: linked; not linked, but of the same name or number and birth date; or without a sound
    number, born that day in the same township.
reads: [student_enrolment]
*/
-- An enrolment whose status or stage cannot be read may be any. Each way to be somebody's has a join of its own: people of one birth date are too many to hold against each other.
WITH running AS (
    SELECT * FROM student_enrolment WHERE coalesce(status, 'enrolled') IN ('enrolled', 'suspended')
)
SELECT scheme, household_id, member_id, stage, full_time, tuition, evidence
FROM linked_student_enrolment
WHERE coalesce(status, 'enrolled') IN ('enrolled', 'suspended')
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, enrolment.stage, enrolment.full_time, enrolment.tuition, NULL
FROM running AS enrolment JOIN dibao_member AS member USING (birth_date, name)
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, enrolment.stage, enrolment.full_time, enrolment.tuition, NULL
FROM running AS enrolment JOIN dibao_member AS member USING (birth_date, id_number)
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, enrolment.stage, enrolment.full_time, enrolment.tuition, NULL
FROM running AS enrolment
JOIN dibao_member AS member
  ON member.birth_date = enrolment.birth_date AND left(member.division, 9) = left(enrolment.division, 9)
WHERE enrolment.id_number_verdict <> 'sound'
