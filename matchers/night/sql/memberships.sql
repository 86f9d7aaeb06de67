-- Every membership with its number as 18 characters where that is sound, and the ones that share it in a fixed order.
CREATE OR REPLACE TEMP VIEW numbered_membership AS
SELECT
    m.scheme, m.household_id, m.member_id, m.type, m.row_key,
    m.id_number, m.id_verdict, m.name, m.former_name, m.birth_date::DATE AS birth_date, m.sex, m.division,
    $address AS address, m.phone,
    CASE WHEN m.id_verdict = 'sound' THEN m.id_number ELSE u.upgraded END AS number
FROM (SELECT $columns, $optional FROM $memberships) AS m
LEFT JOIN upgraded_number AS u ON m.id_verdict = 'sound_15' AND u.id_number = m.id_number;

CREATE OR REPLACE TABLE shared_number AS
SELECT number FROM numbered_membership WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1;

CREATE OR REPLACE TEMP TABLE shared_membership AS
SELECT *, row_number() OVER (ORDER BY scheme, household_id, member_id, type, row_key) AS place
FROM numbered_membership
WHERE number IN (FROM shared_number);

CREATE OR REPLACE TEMP TABLE shared_name AS
SELECT place, number, 'current' AS kind, name FROM shared_membership WHERE name IS NOT NULL
UNION ALL
SELECT place, number, 'former' AS kind, former_name FROM shared_membership WHERE former_name IS NOT NULL;
