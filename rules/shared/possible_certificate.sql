/*
id: possible_certificate
says:
  zh: 可能属于低保成员的有效或换证中的残疾人证:已对上的;未对上但同名或同号、同生日的;证号不可用但同日出生、同一乡镇的。
  en: >-
    Disability certificates, valid or in renewal, that may be a member's: linked; not linked, but of the same name or number and birth
    date; or without a sound number, born that day in the same township.
reads: [disability_certificate]
*/
SELECT scheme, household_id, member_id, level, evidence
FROM linked_disability_certificate
WHERE status IN ('valid', 'renewal')
UNION ALL
SELECT member.scheme, member.household_id, member.member_id, certificate.level, NULL
FROM disability_certificate AS certificate
JOIN dibao_member AS member ON member.birth_date = certificate.birth_date
WHERE certificate.status IN ('valid', 'renewal')
  AND (certificate.name = member.name OR certificate.id_number = member.id_number
       OR (certificate.id_number_verdict <> 'sound' AND left(certificate.division, 9) = left(member.division, 9)))
