-- reads: decided, prefiltered, watched_name
-- makes: rows of watched_name
-- Names that a certain record gives its person and no register does: the former one; and, where the register still has
-- the former one, the present one.
INSERT INTO watched_name
SELECT DISTINCT d.person_id, learned.kind, learned.name
FROM decided AS d
JOIN prefiltered AS r ON r.rowid = d.record
CROSS JOIN (VALUES ('former'), ('current')) AS kinds(kind)
JOIN LATERAL (SELECT kinds.kind, CASE kinds.kind WHEN 'former' THEN r.former_name ELSE r.name END AS name) AS learned ON TRUE
WHERE
    d.reason IN ('$exact', '$upgraded') AND r.former_name IS NOT NULL
    AND (learned.kind = 'former' OR d.name_level = 'former_name')
    AND NOT EXISTS (FROM watched_name AS w WHERE w.person_id = d.person_id AND w.name = learned.name)
