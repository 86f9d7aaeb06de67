-- reads: open_number, record_key, person_key, person_memberships
-- makes: rows
-- The number is the same and sound on both sides, and so are surname, birth date and county: only the given name is another.
-- The likeliest of conflicts, as names are changed; but a sister's record under her sister's number looks the same.
SELECT o.record, min(o.person_id) AS person_id, NULL::INTEGER AS rank, FALSE AS doubtful
FROM open_number AS o
JOIN record_key AS r ON r.record = o.record AND r.kind = 'current'
JOIN person_key AS p ON p.person_id = o.person_id AND p.kind = 'current' AND left(p.normal, 1) = left(r.normal, 1)
JOIN person_memberships AS m ON m.person_id = o.person_id AND left(m.division, 6) = left(o.division, 6)
WHERE NOT o.upgraded AND o.same_birth AND NOT o.other_sex AND r.clear IS NOT NULL AND p.clear IS NOT NULL
GROUP BY o.record
