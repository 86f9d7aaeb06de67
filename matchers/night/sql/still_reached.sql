-- What a later round may yet link.
CREATE OR REPLACE TEMP TABLE still_reached AS
SELECT $columns
FROM reached
WHERE ($records) AND NOT EXISTS (FROM linked_record AS l WHERE l.record = reached.rowid);

CREATE OR REPLACE TABLE reached AS FROM still_reached;
CREATE OR REPLACE TABLE linked_record (record BIGINT);
DROP TABLE still_reached;
