-- The records as they are asked about: with the 17 digits that a sound number turns on, and its birth date in them, both as
-- numbers, which compare faster than text. Of a record that later rounds do not link, numbers that only they ask for say
-- nothing (`asked_later`).
CREATE OR REPLACE TEMP VIEW asked_record AS
SELECT *, body // 1000 % 100000000 AS born, $later AS asked_later
FROM (SELECT $type, $columns, $told, $body AS body FROM $records) AS told
