-- Flags whose ground this night no longer found, and since which night they were cleared. One that a later night found
-- stays as that night left it; a control flag stands unless the very night that drew it takes it back. A flag of a rule
-- that could not be run (their names, each between bars) stands too: whether its ground is gone is not known.
CREATE TEMPORARY TABLE cleared_flag AS
SELECT flag_id, case_id, cleared_night
FROM review_flag
WHERE COALESCE(last_night, %(newest)s) <= %(night)s
    AND (cleared_night IS NULL OR cleared_night > %(night)s)
    AND (direction <> 'control' OR first_night = %(night)s)
    AND replace(%(not_checked)s, '|' || rule || '|', '') = %(not_checked)s
    AND NOT EXISTS (SELECT 1 FROM incoming_flag AS i WHERE i.flag_id = review_flag.flag_id)
