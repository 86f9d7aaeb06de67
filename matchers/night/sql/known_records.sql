-- reads: numbered_record, round_number, unnumbered_birth, round_home, unnumbered_county, compatible_unregistered
-- makes: known_record, likely_record
-- The records with whose number theirs is, and whether somebody without a usable number was born on that day under that
-- surname; `renumbered`: whether somebody of that name and birth date in that village has another sound number. `identical`:
-- number and name are letter for letter those of the only place with that number, and the birth date and the sex that the
-- record states are those of the number.
CREATE OR REPLACE TEMP VIEW known_record AS
SELECT
    a.*, n.body IS NOT NULL AS searched, n.name AS searched_name, coalesce(n.later, FALSE) AS searched_later,
    coalesce(a.id_verdict = 'sound' AND $born <> a.born, FALSE) AS contradicted,
    coalesce(
        n.name = a.name AND a.id_verdict = 'sound' AND a.former_name IS NULL
        AND NOT contradicted AND coalesce($sex = $sex_by, TRUE),
        FALSE
    ) AS identical,
    u.born AS unnumbered_born, u.surname, u.anywhere, n.body IS NULL AND h.home IS NOT NULL AS renumbered
FROM numbered_record AS a
LEFT JOIN round_number AS n ON n.body = a.body
LEFT JOIN unnumbered_birth AS u ON u.born = a.born AND u.surname = left(a.name, 1)
LEFT JOIN round_home AS h ON h.home = CASE WHEN a.body IS NOT NULL THEN $at_home END;

-- An unregistered number is likely that of somebody without a usable one if the county is the same, by the number or the
-- address, or the names are compatible. An identical record is settled, unless its number is a later round's and it may yet
-- be another's in this one.
CREATE OR REPLACE TEMP VIEW likely_record AS
SELECT
    a.*,
    coalesce(a.anywhere OR i.county IS NOT NULL OR d.county IS NOT NULL OR c.name IS NOT NULL, FALSE) AS likely,
    a.identical AND NOT (a.searched_later AND (a.contradicted OR likely)) AS settled
FROM known_record AS a
LEFT JOIN unnumbered_county AS i
    ON i.born = a.unnumbered_born AND i.surname = a.surname
    AND i.county = CASE WHEN a.unnumbered_born IS NOT NULL THEN left(a.id_number, 6) END
LEFT JOIN unnumbered_county AS d
    ON d.born = a.unnumbered_born AND d.surname = a.surname
    AND d.county = CASE WHEN a.unnumbered_born IS NOT NULL THEN left(a.division, 6) END
LEFT JOIN compatible_unregistered AS c ON c.born = a.unnumbered_born AND c.name = a.name;
