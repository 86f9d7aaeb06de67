-- The night that opened a case is the first of its flags; the night it last changed is the newest that said anything new.
UPDATE review_case SET
    opened_night = CASE WHEN opened_night > %(night)s THEN %(night)s ELSE opened_night END,
    last_changed_night = CASE WHEN last_changed_night < %(night)s THEN %(night)s ELSE last_changed_night END
WHERE (opened_night > %(night)s OR last_changed_night < %(night)s)
    AND id IN (
        SELECT case_id FROM standing_flag WHERE standing IN ('new', 'changed') OR first_night > %(night)s
    )
