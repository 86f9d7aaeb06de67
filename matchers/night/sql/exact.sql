-- reads: compatible
-- makes: rows
-- The record's sound number is the person's, sound on the register too; the names are compatible, and what the record states
-- contradicts neither.
SELECT record, person_id, rank, doubtful FROM compatible WHERE NOT upgraded AND contradiction IS NULL
