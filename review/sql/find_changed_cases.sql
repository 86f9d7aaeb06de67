-- The cases whose flags this publication changes, each once:
--   is_new            whether a decider who has the case open has not seen what is new, back or cleared
--   earliest, latest  the nights that the change concerns
CREATE TEMPORARY TABLE changed_case AS
WITH change AS (
    SELECT case_id, CASE WHEN status IN ('new', 'changed') THEN 1 ELSE 0 END AS is_new, %(night)s AS night
    FROM compared_flag
    WHERE status IN ('new', 'changed') OR first_night > %(night)s
    UNION ALL
    SELECT f.case_id, 1, f.cleared_night
    FROM compared_flag AS c
    JOIN review_flag AS f ON f.flag_id = c.flag_id
    WHERE c.status IN ('new', 'changed') AND f.cleared_night = %(next_night)s
    UNION ALL
    SELECT case_id, CASE WHEN cleared_night IS NULL THEN 1 ELSE 0 END, %(night)s
    FROM cleared_flag
)
SELECT case_id, MAX(is_new) AS is_new, MIN(night) AS earliest, MAX(night) AS latest
FROM change
GROUP BY case_id
