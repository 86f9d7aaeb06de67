-- reads: $scored, prepared_left, prepared_right
-- makes: best_pair
-- For each record its best pair with each person, and how far it leads the best pair with anybody else.
CREATE OR REPLACE TEMP TABLE best_pair AS
WITH best AS (
    SELECT l.record, r.person_id, max(s.weight) AS weight, arg_max({'left': s.left_row, 'right': s.right_row}, s.weight) AS pair
    FROM $scored AS s
    JOIN prepared_left AS l ON l.row = s.left_row
    JOIN prepared_right AS r ON r.row = s.right_row
    GROUP BY ALL
),

ranked AS (
    SELECT *, lead(weight) OVER candidates AS next_weight, row_number() OVER candidates AS place
    FROM best
    WINDOW candidates AS (PARTITION BY record ORDER BY weight DESC, person_id)
)

SELECT
    record, person_id, pair, weight,
    weight - CASE WHEN place = 1 THEN coalesce(next_weight, -1e9) ELSE max(weight) OVER (PARTITION BY record) END AS lead,
    1 / (1 + pow(2, -greatest(least(weight, 200), -200))) AS probability
FROM ranked
