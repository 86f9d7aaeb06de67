-- The only records the stages see: those whose number is a person's, may be one fault away from a person's on the
-- register, is damaged or missing itself, or contradicts the record's own birth date. A sound number that is nobody's is
-- a stranger's and drops out here, unless somebody without a usable number was born that day and has that surname.
CREATE OR REPLACE TEMP TABLE reached AS
SELECT *
FROM $records AS asked
WHERE
    id_verdict NOT IN ('sound', 'sound_15')
    OR id_number IN (SELECT number FROM watched_number UNION ALL SELECT candidate FROM roster_candidate)
    OR (
        CASE WHEN id_verdict = 'sound' THEN substr(id_number, 7, 8) ELSE '19' || substr(id_number, 7, 6) END
        || left(name, 1) IN (SELECT born || surname FROM unnumbered_person)
    )
    OR (id_verdict = 'sound' AND strftime(birth_date, '%Y%m%d') <> substr(id_number, 7, 8));

CREATE OR REPLACE TEMP VIEW record_name AS
SELECT rowid AS record, 'current' AS kind, name FROM reached WHERE name IS NOT NULL
UNION ALL
SELECT rowid AS record, 'former' AS kind, former_name FROM reached WHERE former_name IS NOT NULL;

CREATE OR REPLACE TEMP VIEW record_key AS
SELECT n.record, n.kind, k.* FROM record_name AS n JOIN name_keys AS k ON k.name = n.name;

CREATE OR REPLACE TEMP TABLE decided (record BIGINT, person_id VARCHAR, reason VARCHAR, name_level VARCHAR);

CREATE OR REPLACE TEMP VIEW open_record AS
SELECT rowid AS record, type, id_number, id_verdict, name
FROM reached
WHERE NOT EXISTS (FROM decided WHERE decided.record = reached.rowid);
