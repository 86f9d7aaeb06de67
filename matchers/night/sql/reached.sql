-- The only other records the stages see: those whose number is a person's, may be one fault away from a person's on the
-- register, is damaged or missing itself, or contradicts the record's own birth date; and likely strangers.
CREATE OR REPLACE TABLE reached AS
SELECT $columns
FROM asked_record AS a
LEFT JOIN asked_number AS n ON n.body = a.body
$known_of
WHERE
    (a.body IS NULL OR (n.body IS NOT NULL AND NOT (n.later AND NOT a.asked_later)) OR $contradicted OR $likely)
    AND NOT (
        coalesce(n.name = a.name, FALSE) AND a.id_verdict = 'sound' AND a.former_name IS NULL
        AND NOT (n.later AND ($contradicted OR $likely))
    )
