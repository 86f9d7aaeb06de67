-- The register lines that are new or say something else.
INSERT INTO review_member (case_id, member_id, facts_hash, facts)
SELECT case_id, member_id, facts_hash, facts FROM changed_member
ON CONFLICT (case_id, member_id) DO UPDATE SET facts = excluded.facts, facts_hash = excluded.facts_hash
