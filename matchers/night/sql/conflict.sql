-- reads: open_number, record_key
-- makes: rows
-- The number is the same and sound on both sides, and the record is not that person's: no name agrees, or too much of
-- what it states contradicts. Somebody's number is wrong, or a name was changed. (A number of
-- 15 digits has no check: against another name it says nothing.)
SELECT record, min(person_id) AS person_id, NULL::INTEGER AS rank, FALSE AS doubtful
FROM open_number AS o
WHERE NOT upgraded AND EXISTS (FROM record_key AS r WHERE r.record = o.record)
GROUP BY record
