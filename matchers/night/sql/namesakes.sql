-- A name and a place tell nobody apart where the population has another person of that name in that place; a birth date,
-- an address, a telephone or much of a number would.
CREATE OR REPLACE TEMP TABLE thin_pair AS
WITH thin AS (
    SELECT
        b.record, b.person_id, l.name.written AS name, r.birth.value AS born, l.division,
        [0, 12, 12, 9, 6, 4, 0][c.g_place + 1] AS near, l.name.clear = r.name.clear AS plainly
    FROM best_pair AS b
    JOIN compared AS c ON c.left_row = b.pair.left AND c.right_row = b.pair.right
    JOIN prepared_left AS l ON l.row = b.pair.left
    JOIN prepared_right AS r ON r.row = b.pair.right
    WHERE
        $known AND b.probability >= 0.01
        AND c.g_birth = 0 AND c.g_phone <> 1 AND c.g_place <> 1 AND c.g_number IN (0, 6, 7)
)

SELECT t.record, t.person_id, t.near >= 9 AND coalesce(t.plainly, FALSE) AS close_by, count(p.name) AS namesakes
FROM thin AS t
LEFT JOIN $population AS p
    ON p.name = t.name AND left(p.division, t.near) = left(t.division, t.near)
    AND strftime(p.birth_date, '%Y%m%d') IS DISTINCT FROM t.born
GROUP BY ALL
