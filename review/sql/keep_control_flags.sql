-- A control flag is drawn on this night alone, and stands from it on.
UPDATE review_flag SET last_night = %(night)s, cleared_night = NULL
WHERE direction = 'control'
    AND flag_id IN (SELECT flag_id FROM compared_flag WHERE direction = 'control')
    AND (last_night IS NULL OR last_night <> %(night)s OR cleared_night IS NOT NULL)
