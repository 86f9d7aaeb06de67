-- The record's sound number is the person's, sound on the register too, and the names are compatible.
SELECT r.record, w.person_id, min($name_rank) AS rank, FALSE AS doubtful
FROM open_record AS o
JOIN watched_number AS w ON w.number = o.id_number AND w.roster_sound AND NOT w.short
JOIN record_key AS r ON r.record = o.record
JOIN person_key AS p ON p.person_id = w.person_id
WHERE o.id_verdict = 'sound'
GROUP BY ALL
HAVING rank IS NOT NULL
