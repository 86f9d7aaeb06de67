-- A case presses as much as its most pressing open flag: severity x (1 + monthly amount / 1000 yuan). Written only where
-- this publication changed it, so that the work list can be read in this order from an index.
UPDATE review_case SET priority = (
    SELECT COALESCE(MAX(ROUND(f.severity * (1 + COALESCE(f.amount, 0) / 1000.0), 2)), 0)
    FROM review_flag AS f
    WHERE f.case_id = review_case.id AND f.cleared_night IS NULL
)
WHERE id IN (
        SELECT f.case_id FROM review_flag AS f JOIN standing_flag AS s ON s.flag_id = f.flag_id WHERE s.standing <> 'seen'
        UNION
        SELECT f.case_id FROM review_flag AS f WHERE f.cleared_night = %(night)s
    )
    AND priority <> (
        SELECT COALESCE(MAX(ROUND(f.severity * (1 + COALESCE(f.amount, 0) / 1000.0), 2)), 0)
        FROM review_flag AS f
        WHERE f.case_id = review_case.id AND f.cleared_night IS NULL
    )
