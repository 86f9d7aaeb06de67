-- What this publication changes of a case, each case once:
--   version       what is new, back or cleared, a decider who has the case open has not seen: their version no longer holds
--   opened_night  the first night of its flags
--   last_changed_night  the newest night that said anything new, or cleared a flag
--   open_grounds, priority  what the work list is filtered and ordered by: its open grounds, and the priority of the most
--                 pressing (review/priority.py) in hundredths
WITH change AS (
    SELECT case_id, CASE WHEN status IN ('new', 'changed') THEN 1 ELSE 0 END AS is_new, %(night)s AS night
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
), summed_up AS (
    SELECT
        t.*,
        (
            SELECT COALESCE(MAX(CAST(ROUND(100 * f.priority) AS INTEGER)), 0)
            FROM review_flag AS f
            WHERE f.case_id = t.case_id AND f.cleared_night IS NULL
        ) AS priority,
        (
            SELECT COALESCE(' ' || group_concat(g.text, ' ') || ' ', '')
            FROM (
                SELECT DISTINCT f.rule || ':' || f.direction || ':' || f.severity AS text
                FROM review_flag AS f
                WHERE f.case_id = t.case_id AND f.cleared_night IS NULL
                ORDER BY text
            ) AS g
        ) AS open_grounds
    FROM touched AS t
)
UPDATE review_case SET
    version = version + w.is_new,
    opened_night = MIN(opened_night, w.earliest),
    last_changed_night = MAX(last_changed_night, w.latest),
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
