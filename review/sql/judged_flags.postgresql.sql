-- Every flag that a decision within the division has seen, with the newest such decision's outcome, counted by rule and
-- link reason.
SELECT f.rule, f.direction, f.link_reason, d.outcome, COUNT(*)
FROM (
    SELECT DISTINCT ON (seen.flag_id) seen.flag_id, decision.outcome
    FROM review_decision AS decision
    JOIN review_case AS c ON c.id = decision.case_id AND c.division ~>=~ %(first)s AND c.division ~<~ %(last)s
    CROSS JOIN LATERAL jsonb_object_keys(decision.evidence_seen) AS seen (flag_id)
    ORDER BY seen.flag_id, decision.decided_at DESC, decision.id DESC
) AS d
JOIN review_flag AS f ON f.flag_id = d.flag_id
GROUP BY f.rule, f.direction, f.link_reason, d.outcome
ORDER BY f.rule, f.direction, f.link_reason, d.outcome
