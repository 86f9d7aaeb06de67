-- What this publication changes of a case:
--   version       it no longer holds where something is new
--   opened_night  the first night of its flags
--   last_changed_night  the newest night that said anything new, or cleared a flag
--   open_grounds, priority  what the work list is filtered and ordered by: its open grounds, and the priority of the most
--                 pressing (review/priority.py) in hundredths
WITH summed_up AS (
    SELECT
        c.*,
        (
            SELECT COALESCE(MAX(CAST(ROUND(100 * f.priority) AS INTEGER)), 0)
            FROM review_flag AS f
            WHERE f.case_id = c.case_id AND f.cleared_night IS NULL
        ) AS priority,
        (
            SELECT COALESCE(' ' || group_concat(g.text, ' ') || ' ', '')
            FROM (
                SELECT DISTINCT f.rule || ':' || f.direction || ':' || f.severity AS text
                FROM review_flag AS f
                WHERE f.case_id = c.case_id AND f.cleared_night IS NULL
                ORDER BY text
            ) AS g
        ) AS open_grounds
    FROM changed_case AS c
)
UPDATE review_case SET
    version = version + s.is_new,
    opened_night = MIN(opened_night, s.earliest),
    last_changed_night = MAX(last_changed_night, s.latest),
    priority = s.priority,
    open_grounds = s.open_grounds
FROM summed_up AS s
WHERE review_case.id = s.case_id
    AND (
        s.is_new = 1
        OR opened_night > s.earliest
        OR last_changed_night < s.latest
        OR review_case.priority <> s.priority
        OR review_case.open_grounds <> s.open_grounds
    )
