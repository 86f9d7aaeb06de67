-- The only other records the stages see: those whose number is a person's, may be one fault away from a person's on the
-- register, is damaged or missing itself, or contradicts the record's own birth date; and likely strangers.
INSERT INTO reached
SELECT $columns
FROM likely_record AS a
WHERE
    -- Said apart, so that most strangers drop out before it is asked whether they are likely.
    (a.body IS NULL OR a.asked OR a.contradicted OR a.unnumbered_born IS NOT NULL)
    AND (a.body IS NULL OR a.asked OR a.contradicted OR a.likely)
    AND NOT (
        coalesce(a.asked_name = a.name, FALSE) AND a.id_verdict = 'sound' AND a.former_name IS NULL
        AND NOT (a.asked_later AND (a.contradicted OR a.likely))
    );
