-- The same number once 15 digits are made 18, on the record's side or on the register's, and compatible names.
WITH met AS (
    SELECT o.record, w.person_id, coalesce(o.name = w.plain_name, FALSE) AS plain
    FROM open_record AS o
    JOIN watched_number AS w ON w.number = o.id_number AND (w.short OR NOT w.roster_sound)
    WHERE o.id_verdict = CASE WHEN w.short THEN 'sound_15' ELSE 'sound' END
)

SELECT record, person_id, 1 AS rank, FALSE AS doubtful FROM met WHERE plain
UNION ALL
SELECT m.record, m.person_id, min($name_rank) AS rank, FALSE AS doubtful
FROM met AS m
JOIN record_key AS r ON r.record = m.record
JOIN person_key AS p ON p.person_id = m.person_id
WHERE NOT m.plain
GROUP BY ALL
HAVING rank IS NOT NULL
