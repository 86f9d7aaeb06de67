-- The records as they are asked about: with the 17 digits that a sound number turns on and the birth date in it. Of a type
-- that later rounds do not link (`first_only`), their numbers say nothing.
CREATE OR REPLACE TEMP VIEW asked_record AS
SELECT
    $type, $columns, $told, $body AS body,
    CASE id_verdict WHEN 'sound' THEN substr(id_number, 7, 8) WHEN 'sound_15' THEN '19' || substr(id_number, 7, 6) END AS born,
    $first_only AS first_only
FROM $records
