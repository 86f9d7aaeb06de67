-- The night that opened a case is the first of its flags; the night it last changed is the newest that said anything new.
UPDATE review_case SET
    opened_night = CASE WHEN opened_night > %(night)s THEN %(night)s ELSE opened_night END,
    last_changed_night = CASE WHEN last_changed_night < %(night)s THEN %(night)s ELSE last_changed_night END
WHERE (opened_night > %(night)s OR last_changed_night < %(night)s)
    AND id IN (
        SELECT f.case_id
        FROM review_flag AS f
        JOIN standing_flag AS s ON s.flag_id = f.flag_id
        WHERE s.standing IN ('new', 'changed') OR f.first_night = %(night)s
    )
