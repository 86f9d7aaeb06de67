-- The number is the same and sound on both sides, and the record carries no name that could agree or disagree.
SELECT o.record, w.person_id, NULL::INTEGER AS rank, TRUE AS doubtful
FROM open_record AS o
JOIN watched_number AS w ON w.number = o.id_number AND w.roster_sound AND NOT w.short
WHERE o.id_verdict = 'sound' AND NOT EXISTS (FROM record_key AS r WHERE r.record = o.record)
