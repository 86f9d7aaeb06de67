-- reads: open_number, record_key
-- makes: rows
-- The number is the same and sound on both sides, and the record carries no name that could agree or disagree.
SELECT record, person_id, NULL::INTEGER AS rank, TRUE AS doubtful
FROM open_number AS o
WHERE NOT upgraded AND NOT EXISTS (FROM record_key AS r WHERE r.record = o.record)
