-- Equal numbers first; what they leave over may be one fault apart, and then the names must be equal. Who contradicts the
-- other in birth date and sex is in conflict, whatever the name; and no conflict contests a link.
INSERT INTO certain
WITH met AS (
    SELECT
        l.row AS left_row,
        r.row AS right_row,
        CASE
            WHEN $nameless THEN '$unnamed'
            WHEN NOT coalesce($compatible, FALSE) OR $contradicts OR $other_year THEN '$conflict'
            WHEN l.$number.value = r.$number.value THEN '$exact'
            ELSE '$upgraded'
        END AS reason,
        $left_sound AS left_sound,
        $right_sound AS right_sound
    FROM prepared_left AS l
    JOIN prepared_right AS r ON r.$number.number = l.$number.number
    WHERE $ordered
),

compatible AS (
    SELECT * FROM met WHERE reason IN ('$exact', '$upgraded')
),

-- A name of which a part is hidden, and so has no sound, may be either of two that are not alike: it joins neither.
torn AS (
    SELECT hidden
    FROM (
        SELECT left_row AS hidden, right_sound AS sound FROM compatible WHERE left_sound IS NULL
        UNION ALL
        SELECT $right_end, left_sound FROM compatible WHERE right_sound IS NULL
    ) AS ends
    GROUP BY hidden
    HAVING min(sound) <> max(sound)
)

SELECT
    left_row,
    right_row,
    CASE
        WHEN $contested
            OR (left_sound IS NULL AND left_row IN (FROM torn)) OR (right_sound IS NULL AND $right_end IN (FROM torn))
            THEN '$ambiguous'
        ELSE reason
    END
FROM compatible
UNION ALL
SELECT left_row, right_row, reason FROM met WHERE reason NOT IN ('$exact', '$upgraded');

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
    WHERE $equal_name AND NOT $contradicts
    UNION
    SELECT l.row AS left_row, r.row AS right_row
    FROM numbers AS n
    JOIN prepared_right AS r ON NOT n.is_left AND r.row = n.row
    JOIN prepared_left AS l ON l.$number.number = n.candidate
    WHERE $equal_name AND NOT $contradicts
),

fresh AS (
    SELECT DISTINCT $left_row AS left_row, $right_row AS right_row
    FROM met
    WHERE left_row NOT IN ($settled_left) AND right_row NOT IN ($settled_right)
)

SELECT left_row, right_row, CASE WHEN $contested THEN '$ambiguous' ELSE '$repaired' END
FROM fresh;
