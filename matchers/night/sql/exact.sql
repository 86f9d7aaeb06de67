-- The record's sound number is the person's, sound on the register too, and the names are compatible.
WITH met AS (
    SELECT o.record, w.person_id, coalesce(o.name = w.plain_name, FALSE) AS plain
    FROM open_record AS o
    JOIN watched_number AS w ON w.number = o.id_number AND w.roster_sound AND NOT w.short
    WHERE o.id_verdict = 'sound'
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
