-- Every flag that a decision within the division has seen, with the outcome of the last such decision.
SELECT flag_id, scheme, household_id, member_id, direction, outcome, division, rule, link_reason
FROM (
    SELECT
        f.flag_id, c.scheme, c.household_id, f.member_id, f.direction, d.outcome, c.division, f.rule, f.link_reason,
        ROW_NUMBER() OVER (PARTITION BY f.flag_id ORDER BY d.decided_at DESC, d.id DESC) AS place
    FROM review_decision AS d
    JOIN review_case AS c ON c.id = d.case_id AND c.division >= %(first)s AND c.division < %(last)s
    JOIN json_each(d.evidence_seen) AS seen
    JOIN review_flag AS f ON f.flag_id = seen.key AND f.case_id = d.case_id
    WHERE d.decided_at < %(before)s
) AS decided
WHERE place = 1
ORDER BY flag_id
