-- reads: compatible, decided
-- makes: rows
-- The number is the person's and the names are compatible, but one particular that the record states speaks against it.
SELECT record, person_id, rank, doubtful
FROM compatible AS c
WHERE contradiction IS NOT NULL AND NOT EXISTS (FROM decided AS d WHERE d.record = c.record)
