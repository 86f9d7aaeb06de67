-- Of the records reached, those meant that are not linked yet.
CREATE OR REPLACE TEMP VIEW waiting AS
SELECT rowid AS record, *
FROM reached
WHERE ($records) AND NOT EXISTS (FROM linked_record AS l WHERE l.record = reached.rowid);

CREATE OR REPLACE TEMP VIEW record_name AS
SELECT record, 'current' AS kind, name FROM waiting WHERE name IS NOT NULL
UNION ALL
SELECT record, 'former' AS kind, former_name FROM waiting WHERE former_name IS NOT NULL;

CREATE OR REPLACE TEMP VIEW record_key AS
SELECT n.record, n.kind, k.* FROM record_name AS n JOIN name_keys AS k ON k.name = n.name;

CREATE OR REPLACE TEMP TABLE decided (record BIGINT, person_id BIGINT, reason VARCHAR, name_level VARCHAR);

-- What the stages before left over, with the birth date and the sex that the record states; and that it tells, by its
-- sound number where it does not state them.
CREATE OR REPLACE TEMP VIEW open_record AS
SELECT
    record, type, id_number, id_verdict, name, born, sex,
    coalesce(born, $born_by) AS told_born, coalesce(sex, $sex_by) AS told_sex
FROM (
    SELECT record, type, id_number, id_verdict, name, $born AS born, $sex AS sex, $body AS body FROM waiting
) AS stated
WHERE NOT EXISTS (FROM decided WHERE decided.record = stated.record);
