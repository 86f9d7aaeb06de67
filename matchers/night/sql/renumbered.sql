-- reads: people, open_record, searched_number, person_memberships
-- makes: rows
-- The record's number is sound and nobody's on the registers, and so is the person's, another one; name, birth date and
-- village are the same: a number was corrected, or two people are one on the register. (A number that tells another birth
-- date than its own record is somebody else's, and is weighed.)
WITH asked AS (
    SELECT *
    FROM open_record AS o
    WHERE
        o.id_verdict = 'sound' AND length(o.division) = 12 AND substr(o.id_number, 7, 8) = o.known_born::VARCHAR
        AND NOT EXISTS (FROM searched_number AS n WHERE n.body = left(o.id_number, 17)::BIGINT)
),

met AS (
    SELECT o.record, m.person_id, o.sex, o.known_born
    FROM asked AS o
    JOIN person_memberships AS m ON m.division = o.division AND m.name = o.name
    WHERE m.number IS NOT NULL AND m.number <> o.id_number
)

SELECT m.record, m.person_id, NULL::INTEGER AS rank, count(*) OVER (PARTITION BY m.record) > 1 AS doubtful
FROM (SELECT DISTINCT record, person_id, sex, known_born FROM met) AS m
JOIN people AS w ON w.person_id = m.person_id
WHERE coalesce(w.man_first = m.known_born OR w.woman_first = m.known_born, FALSE) AND NOT $renumbered_other_sex
