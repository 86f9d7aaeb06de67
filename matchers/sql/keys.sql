-- The prepared names of the reached records and of the people they could be.
CREATE OR REPLACE TEMP TABLE record_key AS
SELECT n.record, n.kind, k.* FROM record_name AS n JOIN name_keys AS k ON k.name = n.name;

CREATE OR REPLACE TEMP VIEW person_key AS
SELECT n.person_id, n.kind, k.* FROM watched_name AS n JOIN name_keys AS k ON k.name = n.name;
