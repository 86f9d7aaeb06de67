-- reads: prefiltered, linked_record, name_keys
-- makes: unlinked_record, record_name, record_key, decided, open_record
-- Of the prefiltered records, those meant that are not linked yet.
CREATE OR REPLACE TEMP VIEW unlinked_record AS
SELECT rowid AS record, *
FROM prefiltered
WHERE ($records) AND NOT EXISTS (FROM linked_record AS l WHERE l.record = prefiltered.rowid);

CREATE OR REPLACE TEMP VIEW record_name AS
SELECT record, 'current' AS kind, name FROM unlinked_record WHERE name IS NOT NULL
UNION ALL
SELECT record, 'former' AS kind, former_name FROM unlinked_record WHERE former_name IS NOT NULL
UNION ALL
-- Some write it into the cell of the name.
SELECT r.record, 'former' AS kind, k.former
FROM unlinked_record AS r
JOIN name_keys AS k ON k.name = r.name
WHERE k.former IS NOT NULL;

CREATE OR REPLACE TEMP VIEW record_key AS
SELECT n.record, n.kind, k.* FROM record_name AS n JOIN name_keys AS k ON k.name = n.name;

CREATE OR REPLACE TEMP TABLE decided (record BIGINT, person_id BIGINT, reason VARCHAR, name_level VARCHAR);

-- What the stages before did not decide, with the birth date and the sex that the record states; `known_born` and
-- `known_sex` are by its sound number where it does not state them.
CREATE OR REPLACE TEMP VIEW open_record AS
SELECT
    record, type, id_number, id_verdict, name, division, born, sex,
    coalesce(born, $born_by) AS known_born, coalesce(sex, $sex_by) AS known_sex
FROM (
    SELECT record, type, id_number, id_verdict, name, division, $born AS born, $sex AS sex, $body AS body FROM unlinked_record
) AS stated
WHERE NOT EXISTS (FROM decided WHERE decided.record = stated.record);
