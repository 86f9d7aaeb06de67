-- Every flag that a decision has seen, with the newest such decision's outcome, counted by rule and link reason.
SELECT f.rule, f.direction, f.link_reason, d.outcome, COUNT(*)
FROM (
    SELECT
        seen.key AS flag_id,
        decision.outcome,
        ROW_NUMBER() OVER (PARTITION BY seen.key ORDER BY decision.decided_at DESC, decision.id DESC) AS age
    FROM review_decision AS decision
    JOIN json_each(decision.evidence_seen) AS seen
) AS d
JOIN review_flag AS f ON f.flag_id = d.flag_id
JOIN review_case AS c ON c.id = f.case_id
WHERE d.age = 1 AND c.division LIKE %(within)s
GROUP BY f.rule, f.direction, f.link_reason, d.outcome
ORDER BY f.rule, f.direction, f.link_reason, d.outcome
