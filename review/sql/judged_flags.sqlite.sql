-- Every flag that a decision within the division has seen, with the newest such decision's outcome, counted by rule and
-- link reason.
SELECT f.rule, f.direction, f.link_reason, d.outcome, COUNT(*)
FROM (
    SELECT
        seen.key AS flag_id,
        decision.outcome,
        ROW_NUMBER() OVER (PARTITION BY seen.key ORDER BY decision.decided_at DESC, decision.id DESC) AS age
    FROM review_decision AS decision
    JOIN review_case AS c ON c.id = decision.case_id AND c.division >= %(first)s AND c.division < %(last)s
    JOIN json_each(decision.evidence_seen) AS seen
) AS d
JOIN review_flag AS f ON f.flag_id = d.flag_id
WHERE d.age = 1
GROUP BY f.rule, f.direction, f.link_reason, d.outcome
ORDER BY f.rule, f.direction, f.link_reason, d.outcome
