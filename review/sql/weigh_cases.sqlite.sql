-- What the work list is filtered and ordered by, kept with the case: its open grounds, and the priority of the most
-- pressing (review/priority.py) in hundredths. Written only where this publication changed it.
WITH touched AS (
    SELECT case_id FROM standing_flag WHERE standing <> 'seen'
    UNION
    SELECT f.case_id FROM review_flag AS f WHERE f.cleared_night = %(night)s
), weighed AS (
    SELECT
        t.case_id,
        (
            SELECT COALESCE(MAX(CAST(ROUND(100 * f.priority) AS INTEGER)), 0)
            FROM review_flag AS f
            WHERE f.case_id = t.case_id AND f.cleared_night IS NULL
        ) AS priority,
        (
            SELECT COALESCE(' ' || group_concat(g.said, ' ') || ' ', '')
            FROM (
                SELECT DISTINCT f.rule || ':' || f.direction || ':' || f.severity AS said
                FROM review_flag AS f
                WHERE f.case_id = t.case_id AND f.cleared_night IS NULL
                ORDER BY said
            ) AS g
        ) AS open_grounds
    FROM touched AS t
)
UPDATE review_case SET priority = w.priority, open_grounds = w.open_grounds
FROM weighed AS w
WHERE review_case.id = w.case_id
    AND (review_case.priority <> w.priority OR review_case.open_grounds <> w.open_grounds)
