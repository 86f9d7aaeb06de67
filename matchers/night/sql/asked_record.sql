-- The records as they are asked about: with the 17 digits that a sound number turns on, and its birth date in them, both as
-- numbers, which compare faster than text.
CREATE OR REPLACE TEMP VIEW asked_record AS
SELECT *, body // 1000 % 100000000 AS born
FROM (SELECT $type, $columns, $told, $body AS body FROM $records) AS told
WHERE $asked;

-- Whom they may be: the people of the rounds that link them.
CREATE OR REPLACE TEMP VIEW number_asked AS SELECT * FROM asked_number WHERE $rounds;

CREATE OR REPLACE TEMP VIEW birth_asked AS SELECT * FROM asked_birth WHERE $rounds;
