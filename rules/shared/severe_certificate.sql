/*
id: severe_certificate
says:
  zh: 名册上的人已对上的重度残疾人证,有效或换证中;按等级,或三级智力、精神残疾按类别。换证中的证件在权利上与在存疑上一样算数。
  en: >-
    Linked certificates of a severe disability, valid or in renewal, of people on the registers: severe by level, or by kind at a
    lower one. What is being renewed counts for rights as it counts against doubts.
reads: [disability_certificate]
parameters: [severe_disability_levels, severe_by_kind]
*/
SELECT place.scheme, place.household_id, place.member_id, certificate.level, certificate.issued_on, certificate.evidence
FROM linked_disability_certificate AS certificate
JOIN membership AS place USING (scheme, household_id, member_id)
WHERE (certificate.status = 'renewal' OR (certificate.status = 'valid' AND due(certificate.valid_until)))
  AND (certificate.level IN policy('severe_disability_levels', place.division)
       OR certificate.level || '-' || certificate.kind IN policy('severe_by_kind', place.division))
