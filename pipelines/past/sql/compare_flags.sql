-- Two findings of the same night side by side, a row a flag: which of them has it, and in what they differ.
SELECT
    coalesce(before.flag_id, after.flag_id) AS flag_id,
    coalesce(before.rule, after.rule) AS rule,
    CASE
        WHEN before.flag_id IS NULL THEN 'added'
        WHEN after.flag_id IS NULL THEN 'cleared'
        WHEN len(differs) > 0 THEN 'changed'
        ELSE 'same'
    END AS outcome,
    CASE WHEN before.flag_id IS NULL OR after.flag_id IS NULL THEN [] ELSE differs END AS differs
FROM before
FULL JOIN after ON after.flag_id = before.flag_id
CROSS JOIN LATERAL (SELECT list_filter([
    CASE WHEN before.severity IS DISTINCT FROM after.severity THEN 'severity' END,
    CASE WHEN (before.link_reason, before.confidence) IS DISTINCT FROM (after.link_reason, after.confidence)
         THEN 'confidence' END,
    CASE WHEN before.amount IS DISTINCT FROM after.amount THEN 'amount' END,
    CASE WHEN (before.reason_zh, before.reason_en) IS DISTINCT FROM (after.reason_zh, after.reason_en) THEN 'reason' END,
    CASE WHEN before.evidence_hash IS DISTINCT FROM after.evidence_hash THEN 'evidence'
         WHEN before.evidence IS DISTINCT FROM after.evidence THEN 'delivery' END,
    CASE WHEN (before.division, before.head_name, before.member_name, before.member_id_number)
              IS DISTINCT FROM (after.division, after.head_name, after.member_name, after.member_id_number)
         THEN 'person' END
], lambda part: part IS NOT NULL)) AS compared (differs)
ORDER BY rule, flag_id
