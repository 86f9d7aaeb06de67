-- Every place of every watched person under every name, as it is compared. A number that contradicts the birth date
-- beside it is not taken for the person's own.
CREATE OR REPLACE TEMP TABLE place_told AS
SELECT
    m.person_id, m.scheme, m.household_id, m.member_id, m.division, m.address, m.phone, m.sex,
    strftime(m.birth_date, '%Y%m%d') AS born,
    m.number IS NOT NULL AND coalesce(strftime(m.birth_date, '%Y%m%d') = substr(m.number, 7, 8), TRUE) AS sound,
    CASE WHEN sound THEN m.number WHEN m.number IS NULL THEN m.id_number END AS id_number
FROM person_memberships AS m;

-- A sound number, and what it says, speaks for all places of the person.
CREATE OR REPLACE TEMP TABLE prepared_right AS
WITH told AS (
    SELECT
        t.* REPLACE (
            coalesce(t.born, max(t.born) OVER every) AS born,
            bool_or(t.sound) OVER every AS sound,
            coalesce(max(t.id_number) FILTER (t.sound) OVER every, t.id_number) AS id_number
        )
    FROM place_told AS t
    WINDOW every AS (PARTITION BY t.person_id)
)

SELECT
    row_number() OVER (ORDER BY t.person_id, t.scheme, t.household_id, t.member_id, w.kind, w.name) AS row, t.person_id, t.scheme, t.household_id, t.member_id, t.sound,
    $name AS name, $number AS number, $birth AS birth, t.sex, t.division, t.address, t.phone
FROM told AS t
JOIN watched_name AS w USING (person_id)
JOIN name_keys AS k ON k.name = w.name;

CREATE OR REPLACE TEMP TABLE unnumbered_person AS
SELECT DISTINCT birth, name.written AS written FROM prepared_right WHERE NOT sound AND birth IS NOT NULL;
