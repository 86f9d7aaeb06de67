-- The only records the stages see: those whose number is a person's, may be one fault away from a person's on the
-- register, or is damaged itself. A sound number that is nobody's is a stranger's and drops out here.
CREATE OR REPLACE TEMP TABLE reached AS
SELECT row_number() OVER () AS record, role, row_key, delivery_id, id_number, id_verdict, name, former_name
FROM $records
WHERE
    id_verdict IN ('length', 'characters', 'date', 'checksum')
    OR id_number IN (SELECT number FROM watched_number UNION ALL SELECT candidate FROM roster_candidate);

CREATE OR REPLACE TEMP TABLE record_name AS
SELECT record, 'current' AS kind, name FROM reached WHERE name IS NOT NULL
UNION ALL
SELECT record, 'former' AS kind, former_name FROM reached WHERE former_name IS NOT NULL;

CREATE OR REPLACE TEMP TABLE decided (record BIGINT, person_id VARCHAR, reason VARCHAR, name_level VARCHAR);

CREATE OR REPLACE TEMP VIEW open_record AS
FROM reached WHERE NOT EXISTS (FROM decided WHERE decided.record = reached.record);
