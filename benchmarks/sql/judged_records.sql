-- The province: each record's one link is held against the people it truly is.
CREATE OR REPLACE TEMP TABLE best AS
SELECT right_id, left_id, reason, probability
FROM found
WHERE accepted
QUALIFY row_number() OVER (PARTITION BY right_id ORDER BY probability DESC, left_id) = 1;

CREATE OR REPLACE TEMP TABLE judged AS
WITH linked AS (
    SELECT
        b.right_id, b.left_id, b.reason, b.probability, n.numbers,
        EXISTS (FROM truth AS t WHERE t.right_id = b.right_id AND t.left_id = b.left_id) AS is_right
    FROM best AS b
    JOIN number_state AS n USING (left_id, right_id)
),

expected AS (
    SELECT
        right_id, min(numbers) FILTER (numbers = 'equal') AS any_equal, min(numbers) AS numbers,
        min(telling) AS telling
    FROM truth
    GROUP BY right_id
)

SELECT
    coalesce(l.right_id, e.right_id) AS right_id, l.left_id, l.reason, l.probability, l.is_right,
    l.numbers AS linked_numbers, e.right_id IS NOT NULL AS is_true,
    coalesce(e.any_equal, e.numbers) AS true_numbers, e.telling
FROM linked AS l
FULL JOIN expected AS e ON e.right_id = l.right_id;
