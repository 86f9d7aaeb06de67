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

-- What the stages before left over.
CREATE OR REPLACE TEMP VIEW open_record AS
SELECT record, type, id_number, id_verdict, name
FROM waiting
WHERE NOT EXISTS (FROM decided WHERE decided.record = waiting.record);
