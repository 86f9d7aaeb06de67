-- The same number once 15 digits are made 18, on the record's side or on the register's, and compatible names.
SELECT r.record, w.person_id, min($name_rank) AS rank, FALSE AS doubtful
FROM open_record AS o
JOIN watched_number AS w ON w.number = o.id_number AND (w.short OR NOT w.roster_sound)
JOIN record_key AS r ON r.record = o.record
JOIN person_key AS p ON p.person_id = w.person_id
WHERE o.id_verdict = CASE WHEN w.short THEN 'sound_15' ELSE 'sound' END
GROUP BY ALL
HAVING rank IS NOT NULL
