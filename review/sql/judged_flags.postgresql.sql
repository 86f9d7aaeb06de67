-- Every flag that a decision has seen, with the newest such decision's outcome, counted by rule and link reason.
SELECT f.rule, f.direction, f.link_reason, d.outcome, COUNT(*)
FROM (
    SELECT DISTINCT ON (seen.flag_id) seen.flag_id, decision.outcome
    FROM review_decision AS decision
    CROSS JOIN LATERAL jsonb_object_keys(decision.evidence_seen) AS seen (flag_id)
    ORDER BY seen.flag_id, decision.decided_at DESC, decision.id DESC
) AS d
JOIN review_flag AS f ON f.flag_id = d.flag_id
JOIN review_case AS c ON c.id = f.case_id
WHERE c.division LIKE %(within)s
GROUP BY f.rule, f.direction, f.link_reason, d.outcome
ORDER BY f.rule, f.direction, f.link_reason, d.outcome
