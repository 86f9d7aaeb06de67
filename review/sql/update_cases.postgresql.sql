-- What this publication changes of a case, each case once:
--   version       what is new, back or cleared, a decider who has the case open has not seen: their version no longer holds
--   opened_night  the first night of its flags
--   last_changed_night  the newest night that said anything new, or cleared a flag
--   open_grounds, priority  what the work list is filtered and ordered by: its open grounds, and the priority of the most
--                 pressing (review/priority.py) in hundredths
WITH change AS (
    SELECT case_id, CASE WHEN status IN ('new', 'changed') THEN 1 ELSE 0 END AS is_new, CAST(%(night)s AS DATE) AS night
    FROM compared_flag
    WHERE status IN ('new', 'changed') OR first_night > %(night)s
    UNION ALL
    SELECT f.case_id, 1, f.cleared_night
    FROM compared_flag AS s
    JOIN review_flag AS f ON f.flag_id = s.flag_id
    WHERE s.status IN ('new', 'changed') AND f.cleared_night = %(next_night)s
    UNION ALL
    SELECT case_id, CASE WHEN cleared_night IS NULL THEN 1 ELSE 0 END, %(night)s
    FROM cleared_flag
), touched AS (
    SELECT case_id, MAX(is_new) AS is_new, MIN(night) AS earliest, MAX(night) AS latest
    FROM change
    GROUP BY case_id
), ground AS (
    SELECT
        f.case_id,
        f.rule || ':' || f.direction || ':' || f.severity AS text,
        MAX(CAST(ROUND(100 * f.priority) AS INTEGER)) AS priority
    FROM review_flag AS f
    JOIN touched AS t ON t.case_id = f.case_id
    WHERE f.cleared_night IS NULL
    GROUP BY f.case_id, f.rule, f.direction, f.severity
), summed_up AS (
    SELECT
        t.case_id,
        t.is_new,
        t.earliest,
        t.latest,
        COALESCE(MAX(g.priority), 0) AS priority,
        COALESCE(' ' || string_agg(g.text, ' ' ORDER BY g.text) || ' ', '') AS open_grounds
    FROM touched AS t
    LEFT JOIN ground AS g ON g.case_id = t.case_id
    GROUP BY t.case_id, t.is_new, t.earliest, t.latest
)
UPDATE review_case SET
    version = version + w.is_new,
    opened_night = LEAST(opened_night, w.earliest),
    last_changed_night = GREATEST(last_changed_night, w.latest),
    priority = w.priority,
    open_grounds = w.open_grounds
FROM summed_up AS w
WHERE review_case.id = w.case_id
    AND (
        w.is_new = 1
        OR opened_night > w.earliest
        OR last_changed_night < w.latest
        OR review_case.priority <> w.priority
        OR review_case.open_grounds <> w.open_grounds
    )
