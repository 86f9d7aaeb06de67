-- The rows of the links that are to be explained.
CREATE OR REPLACE TEMP TABLE chosen_pair AS
SELECT l.row AS left_row, r.row AS right_row, k.left_id, k.right_id, k.reason, k.weight
FROM chosen_link AS k
JOIN raw_left AS l ON l.id = k.left_id
JOIN raw_right AS r ON r.id = k.right_id
