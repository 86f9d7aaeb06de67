-- One register line that is new or says something else.
INSERT INTO review_member (case_id, member_id, facts_hash, facts) VALUES (%s, %s, %s, %s)
ON CONFLICT (case_id, member_id) DO UPDATE SET facts = excluded.facts, facts_hash = excluded.facts_hash
