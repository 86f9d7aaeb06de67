-- What this night says anew, a decider who has the case open has not seen: their version no longer holds.
UPDATE review_case SET version = version + 1
WHERE EXISTS (
    SELECT 1
    FROM incoming_flag AS i
    JOIN standing_flag AS s ON s.flag_id = i.flag_id
    WHERE i.scheme = review_case.scheme
        AND i.household_id = review_case.household_id
        AND s.standing IN ('new', 'changed')
)
