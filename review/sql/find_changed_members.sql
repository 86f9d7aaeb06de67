-- Register lines of households with a case that are not kept, or say something else than what is kept.
SELECT i.position, c.id, i.facts_hash
FROM incoming_member AS i
JOIN review_case AS c ON c.scheme = i.scheme AND c.household_id = i.household_id
LEFT JOIN review_member AS m ON m.case_id = c.id AND m.member_id = i.member_id
WHERE m.facts_hash IS NULL OR m.facts_hash <> i.facts_hash
ORDER BY c.id, i.member_id
