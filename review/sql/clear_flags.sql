-- Flags whose ground this night no longer found. One that a later night found stays as that night left it.
UPDATE review_flag SET cleared_night = %(night)s
WHERE last_night <= %(night)s
    AND (cleared_night IS NULL OR cleared_night > %(night)s)
    AND NOT EXISTS (SELECT 1 FROM incoming_flag AS i WHERE i.flag_id = review_flag.flag_id)
