-- Each person of a household with a case, once; only what changed is written.
INSERT INTO review_member (case_id, member_id, facts, facts_hash)
SELECT c.id, i.member_id, i.facts, i.facts_hash
FROM incoming_member AS i
JOIN review_case AS c ON c.scheme = i.scheme AND c.household_id = i.household_id
WHERE true
ON CONFLICT (case_id, member_id) DO UPDATE SET
    facts = excluded.facts,
    facts_hash = excluded.facts_hash
WHERE review_member.facts_hash <> excluded.facts_hash
