-- A household's division and head, as the newest night that flagged it has them.
UPDATE review_case SET division = h.division, head_name = h.head_name
FROM (
    SELECT scheme, household_id, MIN(division) AS division, MIN(head_name) AS head_name
    FROM incoming_flag
    GROUP BY scheme, household_id
) AS h
WHERE h.scheme = review_case.scheme
    AND h.household_id = review_case.household_id
    AND (h.division <> review_case.division OR h.head_name <> review_case.head_name)
    AND NOT EXISTS (
        SELECT 1 FROM review_flag AS f
        WHERE f.case_id = review_case.id AND COALESCE(f.last_night, %(newest)s) > %(night)s
    )
