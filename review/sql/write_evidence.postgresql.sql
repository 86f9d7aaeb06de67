-- One row for each record in the JSON list a flag rests on.
INSERT INTO review_evidence (
    flag_id, position, type, role, row_key, delivery_id, delivery_date, row_number, link_reason, row_hash, facts
)
SELECT
    i.flag_id,
    e.position - 1,
    COALESCE(e.record ->> 'type', ''),
    COALESCE(e.record ->> 'role', ''),
    COALESCE(e.record ->> 'row_key', ''),
    COALESCE(e.record ->> 'delivery_id', ''),
    CAST(e.record ->> 'delivery_date' AS DATE),
    CAST(e.record ->> 'row_number' AS BIGINT),
    COALESCE(e.record ->> 'link_reason', ''),
    COALESCE(e.record ->> 'row_hash', ''),
    COALESCE(NULLIF(e.record -> 'facts', 'null'), '{}')
FROM rewritten_flag AS i
CROSS JOIN LATERAL jsonb_array_elements(CAST(i.evidence AS JSONB)) WITH ORDINALITY AS e (record, position)
