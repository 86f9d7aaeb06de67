WITH wrong AS (
    SELECT 'wrong' AS error, left_id, right_id, reason, weight, probability
    FROM judged
    WHERE accepted AND NOT is_true
    ORDER BY weight DESC NULLS FIRST, left_id, right_id
    LIMIT $most
),

missed AS (
    SELECT 'missed' AS error, t.left_id, t.right_id, j.reason, j.weight, j.probability
    FROM true_pair AS t
    LEFT JOIN judged AS j ON j.left_id = t.left_id AND j.right_id = t.right_id
    WHERE NOT coalesce(j.accepted, FALSE)
    ORDER BY j.reason IS NULL, j.weight DESC NULLS FIRST, t.left_id, t.right_id
    LIMIT $most
)

FROM wrong
UNION ALL
FROM missed
ORDER BY error DESC, reason IS NULL, weight DESC NULLS FIRST, left_id, right_id
