-- reads: decided, prefiltered, compatible
-- makes: $table
CREATE OR REPLACE TABLE $table AS
SELECT
    r.type, r.role, r.row_key, r.delivery_id, d.person_id, d.reason,
    NULL::DOUBLE AS weight, NULL::DOUBLE AS probability, d.name_level,
    c.contradiction
FROM decided AS d
JOIN prefiltered AS r ON r.rowid = d.record
LEFT JOIN compatible AS c
    ON c.record = d.record AND c.person_id = d.person_id AND c.contradiction IS NOT NULL AND d.reason = '$contradicted'
WHERE $condition
ORDER BY r.type, r.row_key, r.role, d.person_id
