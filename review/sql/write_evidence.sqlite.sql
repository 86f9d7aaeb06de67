-- One row for each record in the JSON list a flag rests on.
INSERT INTO review_evidence (
    flag_id, position, type, role, row_key, delivery_id, delivery_date, row_number, link_reason, row_hash, facts
)
SELECT
    i.flag_id,
    e.key,
    COALESCE(json_extract(e.value, '$.type'), ''),
    COALESCE(json_extract(e.value, '$.role'), ''),
    COALESCE(json_extract(e.value, '$.row_key'), ''),
    COALESCE(json_extract(e.value, '$.delivery_id'), ''),
    json_extract(e.value, '$.delivery_date'),
    json_extract(e.value, '$.row_number'),
    COALESCE(json_extract(e.value, '$.link_reason'), ''),
    COALESCE(json_extract(e.value, '$.row_hash'), ''),
    COALESCE(json_extract(e.value, '$.facts'), '{}')
FROM rewritten_flag AS i
JOIN json_each(i.evidence) AS e
