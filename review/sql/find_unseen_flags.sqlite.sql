-- Open flags of closed cases that no decision on the case has seen as they are now.
SELECT
    f.case_id,
    f.flag_id,
    f.rule,
    EXISTS (
        SELECT 1 FROM review_decision AS d
        WHERE d.case_id = c.id AND json_extract(d.evidence_seen, '$."' || f.flag_id || '"') IS NOT NULL
    )
FROM review_case AS c
JOIN review_flag AS f ON f.case_id = c.id AND f.cleared_night IS NULL
WHERE c.state IN ('closed_by_county', 'closed_by_province')
    AND NOT EXISTS (
        SELECT 1 FROM review_decision AS d
        WHERE d.case_id = c.id AND json_extract(d.evidence_seen, '$."' || f.flag_id || '"') = f.evidence_hash
    )
ORDER BY f.case_id, f.flag_id
