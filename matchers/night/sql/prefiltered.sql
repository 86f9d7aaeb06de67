-- reads: likely_record
-- makes: rows of prefiltered
-- The only other records the stages see: those whose number is a person's, may be one fault away from a person's on the
-- register, is damaged or missing itself, or contradicts the record's own birth date; and unregistered ones that are likely
-- somebody's, or say of somebody all but the number.
INSERT INTO prefiltered
SELECT $columns
FROM likely_record AS a
WHERE
    -- Said twice, so that most unregistered and identical ones drop out before it is found which are likely.
    (a.body IS NULL OR a.searched OR a.contradicted OR a.renumbered OR a.unnumbered_born IS NOT NULL)
    AND (a.searched_later OR NOT a.identical)
    AND (a.body IS NULL OR a.searched OR a.contradicted OR a.renumbered OR a.likely)
    AND NOT a.settled;
