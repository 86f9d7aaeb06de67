-- A pair claimed for several reasons counts once, by an accepted reason if it has one.
CREATE OR REPLACE TEMP TABLE true_pair AS
SELECT DISTINCT $first AS left_id, $second AS right_id FROM $truth;

CREATE OR REPLACE TEMP TABLE judged AS
WITH claimed AS (
    SELECT $first AS left_id, $second AS right_id, reason, weight, probability, reason IN ($accepted) AS accepted
    FROM $links
),

once AS (
    SELECT *
    FROM claimed
    QUALIFY row_number() OVER (PARTITION BY left_id, right_id ORDER BY accepted DESC, weight DESC NULLS FIRST, reason) = 1
)

SELECT once.*, t.left_id IS NOT NULL AS is_true
FROM once
LEFT JOIN true_pair AS t ON t.left_id = once.left_id AND t.right_id = once.right_id;
