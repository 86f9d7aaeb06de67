-- reads: best_pair, compared, prepared_left, prepared_right
-- makes: rows of name_and_place_pair
-- Pairs that only a name and a place hold together, with what tells whether the population has another person of that name
-- in that place; a birth date, an address, a telephone or much of a number would tell them apart.
INSERT INTO name_and_place_pair
SELECT
    b.record, b.person_id, l.name.written AS name, r.birth.value AS born, l.division,
    [0, 12, 12, 9, 6, 4, 0][c.g_place + 1] AS near, c.g_place BETWEEN 1 AND 3 AND coalesce(l.name.clear = r.name.clear, FALSE) AS close_by
FROM best_pair AS b
JOIN compared AS c ON c.left_row = b.pair.left AND c.right_row = b.pair.right
JOIN prepared_left AS l ON l.row = b.pair.left
JOIN prepared_right AS r ON r.row = b.pair.right
WHERE
    b.probability >= $least
    AND c.g_birth = 0 AND c.g_phone <> 1 AND c.g_place <> 1 AND c.g_number IN (0, 6, 7)
