-- The nights of flags this night found. The right-hand sides read the values before the update.
UPDATE review_flag SET
    first_night = CASE WHEN first_night > %(night)s THEN %(night)s ELSE first_night END,
    returned_night = CASE
        WHEN last_night < %(night)s AND cleared_night < %(night)s THEN %(night)s ELSE returned_night
    END,
    cleared_night = CASE WHEN last_night <= %(night)s THEN %(next_night)s ELSE cleared_night END,
    last_night = CASE WHEN last_night <= %(night)s THEN %(last_night)s ELSE last_night END
WHERE direction <> 'control'
    AND flag_id IN (SELECT flag_id FROM compared_flag WHERE first_night > %(night)s OR last_night <= %(night)s)
    AND (
        first_night > %(night)s
        OR last_night < %(night)s
        OR (last_night = %(night)s AND cleared_night <> %(until)s)
    )
