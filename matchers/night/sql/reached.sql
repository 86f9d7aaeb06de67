-- The only other records the stages see: those whose number is a person's, may be one fault away from a person's on the
-- register, is damaged or missing itself, or contradicts the record's own birth date; and likely strangers.
INSERT INTO reached
SELECT $columns
FROM likely_record AS a
WHERE
    -- Said twice, so that most strangers and the plain drop out before it is asked who is likely.
    (a.body IS NULL OR a.asked OR a.contradicted OR a.unnumbered_born IS NOT NULL)
    AND (a.asked_later OR NOT a.plain)
    AND (a.body IS NULL OR a.asked OR a.contradicted OR a.likely)
    AND NOT a.settled;
