-- What this night says anew, a decider who has the case open has not seen: their version no longer holds.
UPDATE review_case SET version = version + 1
WHERE id IN (
    SELECT f.case_id
    FROM review_flag AS f
    JOIN standing_flag AS s ON s.flag_id = f.flag_id
    WHERE s.standing IN ('new', 'changed')
)
