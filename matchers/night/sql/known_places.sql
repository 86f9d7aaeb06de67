-- reads: person_memberships, people, watched_name, name_keys
-- makes: place_stated, person_stated, place_known, unnumbered_person
-- Every place of every watched person with what it says. A number that contradicts the birth date beside it is not taken
-- for the person's own; a sound one, and what it says, holds for all places of the person.
CREATE OR REPLACE TEMP VIEW place_stated AS
SELECT
    person_id, scheme, household_id, member_id, division, address, phone, sex,
    strftime(birth_date, '%Y%m%d') AS born,
    number IS NOT NULL AND coalesce(born = substr(number, 7, 8), TRUE) AS sound,
    CASE WHEN sound THEN number WHEN number IS NULL THEN id_number END AS id_number
FROM person_memberships;

-- Of a person with several places, what any of them says.
CREATE OR REPLACE TEMP TABLE person_stated AS
SELECT person_id, max(born) AS born, bool_or(sound) AS sound, max(id_number) FILTER (sound) AS id_number
FROM place_stated
WHERE person_id IN (SELECT person_id FROM people WHERE memberships > 1)
GROUP BY person_id;

CREATE OR REPLACE TEMP VIEW place_known AS
SELECT
    t.* REPLACE (
        coalesce(t.born, s.born) AS born,
        t.sound OR coalesce(s.sound, FALSE) AS sound,
        coalesce(s.id_number, t.id_number) AS id_number
    )
FROM place_stated AS t
LEFT JOIN person_stated AS s USING (person_id);

-- Those without a usable number: a record with a sound number that is nobody's may be theirs.
CREATE OR REPLACE TEMP TABLE unnumbered_person AS
SELECT DISTINCT t.born, left(k.written, 1) AS surname, left(t.division, 6) AS county, w.kind, w.name
FROM place_known AS t
JOIN watched_name AS w USING (person_id)
JOIN name_keys AS k ON k.name = w.name
WHERE NOT t.sound AND t.born IS NOT NULL;
