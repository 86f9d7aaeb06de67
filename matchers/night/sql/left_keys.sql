-- reads: name_keys, portion_record
-- makes: left_key
-- The records of the portion, under every name they carry, with what the blocking rules ask for. A number that is another's,
-- or contradicts the record's own birth date, is not compared.
CREATE OR REPLACE TEMP TABLE left_key AS
WITH named AS (
    SELECT 'current' AS kind, name AS called, * FROM portion_record
    UNION ALL
    SELECT 'former' AS kind, former_name AS called, * FROM portion_record WHERE former_name IS NOT NULL
),

stated AS (
    SELECT
        * REPLACE (
            CASE WHEN entry IN ('unnumbered', 'unregistered') THEN id_number END AS id_number,
            coalesce(
                sex,
                CASE WHEN entry = 'unregistered' AND id_verdict = 'sound'
                    THEN (2 - nullif(substr(id_number, 17, 1), '')::INTEGER % 2)::VARCHAR
                END
            ) AS sex
        ),
        coalesce(
            strftime(birth_date, '%Y%m%d'),
            CASE WHEN entry = 'unregistered' AND id_verdict = 'sound' THEN substr(id_number, 7, 8) END,
            CASE WHEN entry = 'unregistered' AND id_verdict = 'sound_15' THEN '19' || substr(id_number, 7, 6) END
        ) AS born
    FROM named
),

read AS (
    SELECT t.*, $read AS read FROM stated AS t
)

SELECT
    2 * t.record + (t.kind = 'former')::BIGINT AS row, t.record, t.entry, t.kind, t.called, t.entry = 'unregistered' AS sound,
    $name AS name, $number AS number, $birth AS birth, t.sex, t.division, t.address, t.phone
FROM read AS t
JOIN name_keys AS k ON k.name = t.called;
