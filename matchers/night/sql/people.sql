-- reads: numbered_membership, shared_number, shared_membership, first_of_person
-- makes: person_memberships, described_membership, shared_person, people
-- A person is the memberships with the same first one. The identity is that one's own, made of its register,
-- household and member codes: it holds no personal data, and lasts as long as that membership does.
CREATE OR REPLACE TABLE person_memberships AS
SELECT own_id AS person_id, * EXCLUDE (own_id)
FROM numbered_membership
WHERE number IS NULL OR number NOT IN (FROM shared_number)
UNION ALL BY NAME
SELECT f.own_id AS person_id, m.* EXCLUDE (place, own_id, body, known_born, known_sex)
FROM shared_membership AS m
JOIN first_of_person AS p ON p.place = m.place
JOIN shared_membership AS f ON f.place = p.first;

-- The places with the birth date and the sex that they state or, where they do not, their sound number gives.
CREATE OR REPLACE TEMP VIEW described_membership AS
SELECT * EXCLUDE (birth_date, sex), coalesce($born, $born_by) AS born, coalesce($sex, $sex_by) AS sex
FROM (SELECT *, left(number, 17)::BIGINT AS body FROM person_memberships) AS placed;

-- Of several memberships a person is described by the one with the best number; birth dates and sexes count from all.
CREATE OR REPLACE TABLE shared_person AS
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY id_verdict <> 'sound', scheme, household_id, member_id, type, row_key
        ) AS preference,
        count(*) OVER (PARTITION BY person_id) AS memberships
    FROM described_membership
    WHERE number IN (FROM shared_number)
)

SELECT
    person_id, number, id_number, id_verdict, name, memberships,
    man_first, man_last, woman_first, woman_last
FROM ranked
JOIN (
    SELECT
        person_id,
        min(born) FILTER (sex = 1) AS man_first, max(born) FILTER (sex = 1) AS man_last,
        min(born) FILTER (sex = 2) AS woman_first, max(born) FILTER (sex = 2) AS woman_last
    FROM described_membership
    WHERE number IN (FROM shared_number)
    GROUP BY person_id
) AS described USING (person_id)
WHERE preference = 1;

-- Most have one membership, which says it all.
CREATE OR REPLACE TEMP VIEW people AS
FROM shared_person
UNION ALL
SELECT
    person_id, number, id_number, id_verdict, name, 1,
    CASE WHEN sex = 1 THEN born END, CASE WHEN sex = 1 THEN born END,
    CASE WHEN sex = 2 THEN born END, CASE WHEN sex = 2 THEN born END
FROM described_membership
WHERE number IS NULL OR number NOT IN (FROM shared_number);
