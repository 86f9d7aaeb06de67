/*
id: possible_certificate
says:
  zh: 可能属于低保成员的有效或换证中的残疾人证:已对上的;未对上但同名或同号、同生日的;证号不可用但同日出生、同一乡镇的。
  en: >-
    Disability certificates, valid or in renewal, that may be a member's: linked; not linked, but of the same name or number and birth
    date; or without a sound number, born that day in the same township.
reads: [disability_certificate]
*/
-- A certificate whose status or level cannot be read may be any. Each way to be somebody's has a join of its own: people of one birth date are too many to hold against each other.
WITH running AS (
    SELECT * FROM disability_certificate WHERE coalesce(status, 'valid') IN ('valid', 'renewal')
)
SELECT scheme, household_id, member_id, level, kind, evidence
FROM linked_disability_certificate
WHERE coalesce(status, 'valid') IN ('valid', 'renewal')
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, certificate.level, certificate.kind, NULL
FROM running AS certificate JOIN dibao_member AS member USING (birth_date, name)
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, certificate.level, certificate.kind, NULL
FROM running AS certificate JOIN dibao_member AS member USING (birth_date, id_number)
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, certificate.level, certificate.kind, NULL
FROM running AS certificate
JOIN dibao_member AS member
  ON member.birth_date = certificate.birth_date AND left(member.division, 9) = left(certificate.division, 9)
WHERE certificate.id_number_verdict <> 'sound'
