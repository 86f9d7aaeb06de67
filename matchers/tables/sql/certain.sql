-- Equal numbers first; what they leave over may be one fault apart, and then the names must be equal.
INSERT INTO certain
WITH met AS (
    SELECT
        l.row AS left_row,
        r.row AS right_row,
        CASE
            WHEN $nameless THEN '$unnamed'
            WHEN NOT coalesce($compatible, FALSE) THEN '$conflict'
            WHEN l.$number.value = r.$number.value THEN '$exact'
            ELSE '$upgraded'
        END AS reason
    FROM prepared_left AS l
    JOIN prepared_right AS r ON r.$number.number = l.$number.number
    WHERE $ordered
)

SELECT left_row, right_row, CASE WHEN reason IN ('$exact', '$upgraded') AND ($contested) THEN '$ambiguous' ELSE reason END
FROM met;

INSERT INTO certain
WITH numbers AS (
    SELECT row, TRUE AS is_left, value, candidate
    FROM (SELECT row, $number.value AS value FROM prepared_left) JOIN proposed_number USING (value)
    UNION ALL
    SELECT row, FALSE AS is_left, value, candidate
    FROM (SELECT row, $number.value AS value FROM prepared_right) JOIN proposed_number USING (value)
),

met AS (
    SELECT l.row AS left_row, r.row AS right_row
    FROM numbers AS n
    JOIN prepared_left AS l ON n.is_left AND l.row = n.row
    JOIN prepared_right AS r ON r.$number.number = n.candidate
    WHERE $equal_name
    UNION
    SELECT l.row AS left_row, r.row AS right_row
    FROM numbers AS n
    JOIN prepared_right AS r ON NOT n.is_left AND r.row = n.row
    JOIN prepared_left AS l ON l.$number.number = n.candidate
    WHERE $equal_name
),

fresh AS (
    SELECT DISTINCT $left_row AS left_row, $right_row AS right_row
    FROM met
    WHERE left_row NOT IN ($settled_left) AND right_row NOT IN ($settled_right)
)

SELECT left_row, right_row, CASE WHEN $contested THEN '$ambiguous' ELSE '$repaired' END
FROM fresh;
