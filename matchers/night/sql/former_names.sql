-- Names that a certain record tells of its person and no register does: the former one; and, where the register still has
-- the former one, the present one.
INSERT INTO watched_name
SELECT DISTINCT d.person_id, told.kind, told.name
FROM decided AS d
JOIN reached AS r ON r.rowid = d.record
CROSS JOIN (VALUES ('former'), ('current')) AS told_as(kind)
JOIN LATERAL (SELECT told_as.kind, CASE told_as.kind WHEN 'former' THEN r.former_name ELSE r.name END AS name) AS told ON TRUE
WHERE
    d.reason IN ('$exact', '$upgraded') AND r.former_name IS NOT NULL
    AND (told.kind = 'former' OR d.name_level = 'former_name')
    AND NOT EXISTS (FROM watched_name AS w WHERE w.person_id = d.person_id AND w.name = told.name)
