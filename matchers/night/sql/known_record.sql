-- The records with whose number theirs is, and whether somebody without a usable number was born on that day under that
-- surname. A number may also contradict the record's own birth date; who
-- is contradicted in the sex too is nobody's plain record.
CREATE OR REPLACE TEMP VIEW known_record AS
SELECT
    a.*, n.body IS NOT NULL AS asked, n.name AS asked_name, coalesce(n.later, FALSE) AS asked_later,
    coalesce(a.id_verdict = 'sound' AND $born <> a.born, FALSE) AS contradicted,
    coalesce(
        n.name = a.name AND a.id_verdict = 'sound' AND a.former_name IS NULL
        AND NOT (contradicted AND coalesce($sex <> $sex_by, FALSE)),
        FALSE
    ) AS plain,
    u.born AS unnumbered_born, u.surname, u.anywhere
FROM asked_record AS a
LEFT JOIN number_asked AS n ON n.body = a.body
LEFT JOIN unnumbered_birth AS u ON u.born = a.born AND u.surname = left(a.name, 1);

-- A stranger who may be somebody without a usable number: the county is the same, by the number or the address, or the names
-- are compatible. What is plain is settled, unless its number is a later round's and it may yet be another's in this one.
CREATE OR REPLACE TEMP VIEW likely_record AS
SELECT
    a.*,
    coalesce(a.anywhere OR i.county IS NOT NULL OR d.county IS NOT NULL OR c.name IS NOT NULL, FALSE) AS likely,
    a.plain AND NOT (a.asked_later AND (a.contradicted OR likely)) AS settled
FROM known_record AS a
LEFT JOIN unnumbered_near AS i
    ON i.born = a.unnumbered_born AND i.surname = a.surname
    AND i.county = CASE WHEN a.unnumbered_born IS NOT NULL THEN left(a.id_number, 6) END
LEFT JOIN unnumbered_near AS d
    ON d.born = a.unnumbered_born AND d.surname = a.surname
    AND d.county = CASE WHEN a.unnumbered_born IS NOT NULL THEN left(a.division, 6) END
LEFT JOIN compatible_stranger AS c ON c.born = a.unnumbered_born AND c.name = a.name;
