-- reads: compatible, decided
-- makes: rows
-- The same number once 15 digits are made 18, on the record's side or on the register's, and the rest as for exact.
SELECT record, person_id, rank, doubtful
FROM compatible AS c
WHERE upgraded AND contradiction IS NULL AND NOT EXISTS (FROM decided AS d WHERE d.record = c.record)
