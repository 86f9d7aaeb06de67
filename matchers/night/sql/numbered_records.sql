-- reads: $records, searched_number, searched_birth, searched_home
-- makes: numbered_record, round_number, round_birth, round_home
-- The records with the 17 digits that a sound number turns on, and its birth date in them, both as
-- numbers, which compare faster than text.
CREATE OR REPLACE TEMP VIEW numbered_record AS
SELECT *, body // 1000 % 100000000 AS born
FROM (SELECT $type, $columns, $optional, $body AS body FROM $records) AS read
WHERE $part;

-- What is searched for in them: of the rounds that link them.
CREATE OR REPLACE TEMP VIEW round_number AS SELECT * FROM searched_number WHERE $rounds;

CREATE OR REPLACE TEMP VIEW round_birth AS SELECT * FROM searched_birth WHERE $rounds;

CREATE OR REPLACE TEMP VIEW round_home AS SELECT * FROM searched_home WHERE $rounds;
