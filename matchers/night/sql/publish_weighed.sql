CREATE OR REPLACE TABLE $table AS
SELECT
    o.type, o.role, o.row_key, o.delivery_id, d.person_id, d.reason, d.weight, d.probability, $level_name AS name_level
FROM weighed AS d
JOIN left_over AS o ON o.rowid = d.record
JOIN prepared_left AS l ON l.row = d.pair.left
JOIN prepared_right AS r ON r.row = d.pair.right
WHERE $condition
ORDER BY o.type, o.row_key, o.role, d.person_id
