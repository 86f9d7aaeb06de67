-- Pairs that cannot be one, likely as they look, are only possible.
INSERT INTO decided
SELECT p.left_row, p.right_row, '$possible', p.weight, p.probability
FROM open_pair AS p
JOIN prepared_left AS l ON l.row = p.left_row
JOIN prepared_right AS r ON r.row = p.right_row
WHERE $contradicts;

DELETE FROM open_pair USING decided AS d
WHERE open_pair.left_row = d.left_row AND open_pair.right_row = d.right_row;
