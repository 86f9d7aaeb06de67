CREATE OR REPLACE TABLE links AS
SELECT l.id AS left_id, r.id AS right_id, k.reason, k.weight, k.probability
FROM link_row AS k
JOIN raw_left AS l ON l.row = k.left_row
JOIN raw_right AS r ON r.row = k.right_row
ORDER BY left_id, right_id
