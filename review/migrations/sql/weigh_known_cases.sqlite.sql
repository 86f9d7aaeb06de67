-- The open grounds and the priority (in hundredths) of cases that were there before these were kept with the case.
UPDATE review_case SET priority = w.priority, open_grounds = w.open_grounds
FROM (
    SELECT case_id, MAX(priority) AS priority, ' ' || group_concat(said, ' ') || ' ' AS open_grounds
    FROM (
        SELECT
            case_id,
            rule || ':' || direction || ':' || severity AS said,
            MAX(CAST(ROUND(100 * priority) AS INTEGER)) AS priority
        FROM review_flag
        WHERE cleared_night IS NULL
        GROUP BY case_id, rule, direction, severity
        ORDER BY case_id, said
    ) AS ground
    GROUP BY case_id
) AS w
WHERE review_case.id = w.case_id
    AND (review_case.priority <> w.priority OR review_case.open_grounds <> w.open_grounds)
