-- reads: weighed, unmatched
-- makes: $table
CREATE OR REPLACE TABLE $table AS
SELECT o.type, o.role, o.row_key, o.delivery_id, d.person_id, d.reason, d.weight, d.probability, d.name_level,
    NULL::VARCHAR AS contradiction
FROM weighed AS d
JOIN unmatched AS o ON o.rowid = d.record
WHERE $condition
ORDER BY o.type, o.row_key, o.role, d.person_id
