-- A person is the memberships that reach the same first one. The identity is that one's own, made of its register,
-- household and member codes: it holds no personal data, and lasts as long as that membership does.
CREATE OR REPLACE TABLE person_memberships AS
SELECT own_id AS person_id, * EXCLUDE (own_id)
FROM numbered_membership
WHERE number IS NULL OR number NOT IN (FROM shared_number)
UNION ALL BY NAME
SELECT f.own_id AS person_id, m.* EXCLUDE (place, own_id)
FROM shared_membership AS m
JOIN first_place AS p ON p.place = m.place
JOIN shared_membership AS f ON f.place = p.first;

-- Of several memberships a person is described by the one with the best number.
CREATE OR REPLACE TABLE shared_person AS
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY id_verdict <> 'sound', scheme, household_id, member_id, type, row_key
        ) AS preference,
        count(*) OVER (PARTITION BY person_id) AS memberships
    FROM person_memberships
    WHERE number IN (FROM shared_number)
)

SELECT person_id, number, id_number, id_verdict, name, memberships FROM ranked WHERE preference = 1;

-- Most have one membership, which says it all.
CREATE OR REPLACE TEMP VIEW people AS
FROM shared_person
UNION ALL
SELECT person_id, number, id_number, id_verdict, name, 1
FROM person_memberships
WHERE number IS NULL OR number NOT IN (FROM shared_number);
