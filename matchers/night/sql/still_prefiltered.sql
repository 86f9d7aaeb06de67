-- reads: prefiltered, linked_record
-- makes: prefiltered, linked_record
-- What a later round may yet link.
CREATE OR REPLACE TEMP TABLE still_prefiltered AS
SELECT $columns
FROM prefiltered
WHERE ($records) AND NOT EXISTS (FROM linked_record AS l WHERE l.record = prefiltered.rowid);

CREATE OR REPLACE TABLE prefiltered AS FROM still_prefiltered;
CREATE OR REPLACE TABLE linked_record (record BIGINT);
DROP TABLE still_prefiltered;
