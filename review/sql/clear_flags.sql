-- The nights of flags whose ground is gone.
UPDATE review_flag SET
    last_night = COALESCE(last_night, %(newest)s),
    cleared_night = %(night)s
WHERE flag_id IN (SELECT flag_id FROM cleared_flag)
