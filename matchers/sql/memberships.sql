-- Every membership with its place in a fixed order, and its number as 18 characters where that is sound.
CREATE OR REPLACE TEMP TABLE numbered_membership AS
SELECT
    row_number() OVER (ORDER BY m.scheme, m.household_id, m.member_id, m.type, m.row_key) AS place,
    m.scheme, m.household_id, m.member_id, m.type, m.row_key,
    m.id_number, m.id_verdict, m.name, m.former_name, m.birth_date, m.sex, m.division,
    CASE WHEN m.id_verdict = 'sound' THEN m.id_number ELSE u.upgraded END AS number
FROM $memberships AS m
LEFT JOIN upgraded_number AS u ON m.id_verdict = 'sound_15' AND u.id_number = m.id_number;

CREATE OR REPLACE TEMP TABLE shared_membership AS
WITH named AS (
    SELECT place, number, 'current' AS kind, name FROM numbered_membership
    UNION
    SELECT place, number, 'former' AS kind, former_name FROM numbered_membership
)
SELECT place, number, kind, name
FROM named
WHERE
    name IS NOT NULL
    AND number IN (SELECT number FROM numbered_membership WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1);
