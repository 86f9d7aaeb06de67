-- What this night says anew, a decider who has the case open has not seen: their version no longer holds.
UPDATE review_case SET version = version + 1
WHERE id IN (SELECT case_id FROM standing_flag WHERE standing IN ('new', 'changed') AND case_id IS NOT NULL)
