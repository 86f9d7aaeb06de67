-- The places that a record left over may be compared with, under every name, as they are compared: of people with a name,
-- a number, a telephone or an address that one of the blocking rules could ask for, and of the households tied.
CREATE OR REPLACE TEMP TABLE asked_person AS
WITH asked AS (
    SELECT DISTINCT name.clear, name.pinyin, name.surname || division AS home, phone, address, number.head, number.tail
    FROM prepared_left
),

named AS (
    SELECT w.person_id, k.clear, k.pinyin, nullif(left(k.normal, 1), '*') AS surname
    FROM watched_name AS w
    JOIN name_keys AS k ON k.name = w.name
)

SELECT person_id FROM named WHERE clear IN (SELECT clear FROM asked) OR pinyin IN (SELECT pinyin FROM asked)
UNION
SELECT t.person_id
FROM place_told AS t
JOIN named AS n USING (person_id)
WHERE n.surname || t.division IN (SELECT home FROM asked)
UNION
SELECT person_id
FROM place_told
WHERE
    $everybody OR NOT sound OR phone IN (SELECT phone FROM asked) OR address IN (SELECT address FROM asked)
    OR left(id_number, 14) IN (SELECT head FROM asked) OR substr(id_number, 7, 11) IN (SELECT tail FROM asked)
UNION
SELECT person_id FROM place_told SEMI JOIN tied USING (scheme, household_id);

CREATE OR REPLACE TEMP TABLE prepared_right AS
WITH called AS (
    SELECT
        row_number() OVER (ORDER BY t.person_id, t.scheme, t.household_id, t.member_id, w.kind, w.name) AS row,
        t.*, w.kind, w.name AS called
    FROM place_told AS t
    SEMI JOIN asked_person USING (person_id)
    JOIN watched_name AS w USING (person_id)
)

SELECT
    t.row, t.person_id, t.scheme, t.household_id, t.member_id, t.sound,
    $name AS name, $number AS number, $birth AS birth, t.sex, t.division, t.address, t.phone
FROM called AS t
JOIN name_keys AS k ON k.name = t.called
