-- reads: open_record, record_candidate, watched_number, roster_candidate, record_key, person_key
-- makes: rows
-- One fault lies between the two numbers, the names are exactly equal once folded, with nothing hidden, and what the record
-- states contradicts neither. (What does is weighed.)
-- Either the record's number is damaged, or the register's; a person to whom two different numbers of the records could
-- belong (two namesakes) is claimed by neither, within one type.
WITH near AS (
    SELECT o.record, o.type, w.person_id, w.number AS found
    FROM open_record AS o
    JOIN record_candidate AS c ON c.record = o.record
    JOIN watched_number AS w ON w.number = c.candidate AND NOT w.short
    WHERE NOT $known_contradicts AND NOT $other_birth AND NOT $other_sex
    UNION ALL
    SELECT o.record, o.type, c.person_id, c.number AS found
    FROM open_record AS o
    JOIN roster_candidate AS c ON c.candidate = o.id_number
    WHERE o.id_verdict IN ('sound', 'sound_15') AND NOT $candidate_contradicts
        AND NOT $candidate_other_birth AND NOT $candidate_other_sex
),

equal_name AS (
    SELECT DISTINCT m.record, m.type, m.person_id, m.found, CASE WHEN r.written = p.written THEN 1 ELSE 2 END AS level
    FROM near AS m
    JOIN record_key AS r ON r.record = m.record AND r.kind = 'current'
    JOIN person_key AS p ON p.person_id = m.person_id AND p.kind = 'current' AND p.clear = r.clear
)

SELECT
    record,
    person_id,
    level AS rank,
    count(DISTINCT found) OVER (PARTITION BY type, person_id) > 1 AS doubtful
FROM equal_name
