-- The places of the people watched, under every name they go by, with what the blocking rules ask for.
CREATE OR REPLACE TABLE right_key AS
WITH called AS (
    SELECT
        row_number() OVER (ORDER BY t.person_id, t.scheme, t.household_id, t.member_id, w.kind, w.name) AS row,
        t.*, w.kind, w.name AS called
    FROM place_told AS t
    JOIN watched_name AS w USING (person_id)
)

SELECT
    t.row, t.person_id, t.scheme, t.household_id, t.member_id, t.kind, t.called, t.sound,
    $name AS name, $number AS number, $birth AS birth, t.sex, t.division, t.address, t.phone
FROM called AS t
JOIN name_keys AS k ON k.name = t.called;
