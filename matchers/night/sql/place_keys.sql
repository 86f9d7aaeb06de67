-- reads: place_known, watched_name, name_keys
-- makes: place_key, place_row
-- The places of one part of the people watched, under every name they go by, with what the blocking rules ask for. Its rows
-- are numbered far apart from those of the next.
CREATE OR REPLACE TABLE place_key AS
SELECT
    t.person_id, t.scheme, t.household_id, t.member_id, t.kind, t.called, t.sound,
    $name AS name, $number AS number, $birth AS birth, t.sex, t.division, t.address, t.phone
FROM (
    SELECT t.*, w.kind, w.name AS called, CASE WHEN t.sound THEN t.id_number ELSE $read END AS read
    FROM place_known AS t
    JOIN watched_name AS w ON w.person_id = t.person_id
    WHERE t.person_id % $parts = $part AND w.person_id % $parts = $part
) AS t
JOIN name_keys AS k ON k.name = t.called;

CREATE OR REPLACE TEMP VIEW place_row AS SELECT rowid + $first AS row, * FROM place_key;
