-- reads: decided, prefiltered
-- makes: $table
CREATE OR REPLACE TABLE $table AS
SELECT
    r.type, r.role, r.row_key, r.delivery_id, d.person_id, d.reason,
    NULL::DOUBLE AS weight, NULL::DOUBLE AS probability, d.name_level
FROM decided AS d
JOIN prefiltered AS r ON r.rowid = d.record
WHERE $condition
ORDER BY r.type, r.row_key, r.role, d.person_id
