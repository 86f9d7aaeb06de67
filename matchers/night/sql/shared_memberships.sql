-- reads: numbered_membership
-- makes: shared_number, shared_membership, shared_name
-- The numbers that several memberships have, and those memberships in a fixed order, with every name on them, and with the
-- birth date and the sex that they state or the number tells.
CREATE OR REPLACE TABLE shared_number AS
SELECT number FROM numbered_membership WHERE number IS NOT NULL GROUP BY number HAVING count(*) > 1;

CREATE OR REPLACE TEMP TABLE shared_membership AS
SELECT
    *, row_number() OVER (ORDER BY scheme, household_id, member_id, type, row_key) AS place,
    coalesce($born, $born_by) AS known_born, coalesce($sex, $sex_by) AS known_sex
FROM (SELECT *, left(number, 17)::BIGINT AS body FROM numbered_membership) AS numbered
WHERE number IN (FROM shared_number);

CREATE OR REPLACE TEMP TABLE shared_name AS
SELECT place, number, 'current' AS kind, name FROM shared_membership WHERE name IS NOT NULL
UNION ALL
SELECT place, number, 'former' AS kind, former_name FROM shared_membership WHERE former_name IS NOT NULL;
