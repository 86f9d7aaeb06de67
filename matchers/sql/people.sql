-- A person is the memberships that reach the same first one. The identity is made of that one's register, household and
-- member codes: it holds no personal data, and lasts as long as that membership does.
CREATE OR REPLACE TABLE person_memberships AS
SELECT
    substr(sha256(concat_ws('|', f.scheme, f.household_id, f.member_id)), 1, 32) AS person_id,
    m.scheme, m.household_id, m.member_id, m.type, m.row_key,
    m.id_number, m.id_verdict, m.number, m.name, m.former_name, m.birth_date, m.sex, m.division
FROM numbered_membership AS m
LEFT JOIN first_place AS p ON p.place = m.place
JOIN numbered_membership AS f ON f.place = coalesce(p.first, m.place);

CREATE OR REPLACE TABLE people AS
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY id_verdict <> 'sound', id_verdict <> 'sound_15', scheme, household_id, member_id, type, row_key
        ) AS preference,
        count(*) OVER (PARTITION BY person_id) AS memberships
    FROM person_memberships
)
SELECT person_id, number, id_number, id_verdict, name, former_name, birth_date, sex, division, memberships
FROM ranked
WHERE preference = 1;
