-- Rows are drawn with replacement by hashing a running number, so that the same seed draws the same pairs.
INSERT INTO random_pair
WITH drawn AS (
    SELECT
        (hash(range * 2, $seed) % $left_rows)::BIGINT + 1 AS left_place,
        (hash(range * 2 + 1, $seed) % $right_rows)::BIGINT + 1 AS right_place
    FROM range($wanted)
)

SELECT l.row, r.row
FROM drawn AS d
JOIN (SELECT row, row_number() OVER (ORDER BY row) AS place FROM $left) AS l ON l.place = d.left_place
JOIN (SELECT row, row_number() OVER (ORDER BY row) AS place FROM $right) AS r ON r.place = d.right_place
WHERE $distinct;
