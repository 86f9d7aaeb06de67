-- What this publication changes of a case:
--   version       it no longer holds where something is new
--   opened_night  the first night of its flags
--   last_changed_night  the newest night that said anything new, or cleared a flag
--   open_grounds, priority  what the work list is filtered and ordered by: its open grounds, and the priority of the most
--                 pressing (review/priority.py) in hundredths
WITH ground AS (
    SELECT
        f.case_id,
        f.rule || ':' || f.direction || ':' || f.severity AS text,
        MAX(CAST(ROUND(100 * f.priority) AS INTEGER)) AS priority
    FROM review_flag AS f
    JOIN changed_case AS c ON c.case_id = f.case_id
    WHERE f.cleared_night IS NULL
    GROUP BY f.case_id, f.rule, f.direction, f.severity
), summed_up AS (
    SELECT
        c.case_id,
        c.is_new,
        c.earliest,
        c.latest,
        COALESCE(MAX(g.priority), 0) AS priority,
        COALESCE(' ' || string_agg(g.text, ' ' ORDER BY g.text) || ' ', '') AS open_grounds
    FROM changed_case AS c
    LEFT JOIN ground AS g ON g.case_id = c.case_id
    GROUP BY c.case_id, c.is_new, c.earliest, c.latest
)
UPDATE review_case SET
    version = version + s.is_new,
    opened_night = LEAST(opened_night, s.earliest),
    last_changed_night = GREATEST(last_changed_night, s.latest),
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
