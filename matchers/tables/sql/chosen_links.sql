-- Of the weighed links: the weakest and the strongest that were accepted, and the likeliest that were not.
CREATE OR REPLACE TEMP TABLE chosen_link AS
WITH ranked AS (
    SELECT
        *,
        reason IN ($likely_reasons) AS accepted,
        row_number() OVER (PARTITION BY accepted ORDER BY weight DESC, left_id, right_id) AS from_top,
        row_number() OVER (PARTITION BY accepted ORDER BY weight, left_id, right_id) AS from_bottom
    FROM links
    WHERE weight IS NOT NULL
)

SELECT left_id, right_id, reason, weight, probability
FROM ranked
WHERE from_top <= $shown OR (accepted AND from_bottom <= $shown)
