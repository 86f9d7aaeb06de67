-- The number is the same and sound on both sides, and no name agrees: somebody's number is wrong, or a name was changed.
SELECT o.record, min(w.person_id) AS person_id, NULL::INTEGER AS rank, FALSE AS doubtful
FROM open_record AS o
JOIN watched_number AS w ON w.number = o.id_number AND w.roster_sound AND NOT w.short
WHERE o.id_verdict = 'sound' AND EXISTS (FROM record_key AS r WHERE r.record = o.record)
GROUP BY o.record
