CREATE OR REPLACE TEMP TABLE $table AS
SELECT p.*, $places
FROM $pairs AS p
JOIN prepared_left AS l ON l.row = p.left_row
JOIN prepared_right AS r ON r.row = p.right_row
