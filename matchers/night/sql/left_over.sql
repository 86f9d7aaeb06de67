-- What the certain stages left, for the weighing: records without a usable number; sound numbers that are
-- nobody's (only for people who have none); and numbers that are another's by name.
INSERT INTO left_over
SELECT
    r.type, r.role, r.row_key, r.delivery_id, r.id_number, r.id_verdict, r.name, r.former_name,
    r.birth_date, r.sex, r.division, r.address, r.phone, r.household, r.relatives,
    CASE
        WHEN d.reason = 'conflict' THEN 'conflict'
        WHEN r.id_verdict NOT IN ('sound', 'sound_15') THEN 'unnumbered'
        WHEN r.id_verdict = 'sound' AND strftime(r.birth_date, '%Y%m%d') <> substr(r.id_number, 7, 8) THEN 'contradicted'
        ELSE 'stranger'
    END AS entry
FROM reached AS r
LEFT JOIN (SELECT record, min(reason) AS reason FROM decided GROUP BY record) AS d ON d.record = r.rowid
WHERE (d.reason IS NULL OR d.reason = 'conflict') AND r.name IS NOT NULL
ORDER BY r.type, r.row_key, r.role;

INSERT INTO tie
SELECT DISTINCT r.type, r.role, r.household, d.person_id
FROM decided AS d
JOIN reached AS r ON r.rowid = d.record
WHERE d.reason IN ('exact', 'upgraded', 'repaired') AND r.household IS NOT NULL;
