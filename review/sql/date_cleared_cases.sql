-- A night that clears a flag changes its case.
UPDATE review_case SET last_changed_night = %(clearing_night)s, version = version + 1
WHERE last_changed_night < %(clearing_night)s
    AND id IN (SELECT case_id FROM review_flag WHERE cleared_night = %(clearing_night)s)
