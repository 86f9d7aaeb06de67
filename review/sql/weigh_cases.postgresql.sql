-- What the work list is filtered and ordered by, kept with the case: its open grounds, and the priority of the most
-- pressing (review/priority.py) in hundredths. Written only where this publication changed it.
WITH touched AS (
    SELECT case_id FROM standing_flag WHERE standing <> 'seen'
    UNION
    SELECT f.case_id FROM review_flag AS f WHERE f.cleared_night = %(night)s
), ground AS (
    SELECT
        f.case_id,
        f.rule || ':' || f.direction || ':' || f.severity AS said,
        MAX(CAST(ROUND(100 * f.priority) AS INTEGER)) AS priority
    FROM review_flag AS f
    JOIN touched AS t ON t.case_id = f.case_id
    WHERE f.cleared_night IS NULL
    GROUP BY f.case_id, f.rule, f.direction, f.severity
), weighed AS (
    SELECT
        t.case_id,
        COALESCE(MAX(g.priority), 0) AS priority,
        COALESCE(' ' || string_agg(g.said, ' ' ORDER BY g.said) || ' ', '') AS open_grounds
    FROM touched AS t
    LEFT JOIN ground AS g ON g.case_id = t.case_id
    GROUP BY t.case_id
)
UPDATE review_case SET priority = w.priority, open_grounds = w.open_grounds
FROM weighed AS w
WHERE review_case.id = w.case_id
    AND (review_case.priority <> w.priority OR review_case.open_grounds <> w.open_grounds)
