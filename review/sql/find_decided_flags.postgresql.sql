-- Every flag that a decision within the division has seen, with the outcome of the last such decision.
SELECT DISTINCT ON (f.flag_id)
    f.flag_id, c.scheme, c.household_id, f.member_id, f.direction, d.outcome, c.division, f.rule, f.link_reason
FROM review_decision AS d
JOIN review_case AS c ON c.id = d.case_id AND c.division ~>=~ %(first)s AND c.division ~<~ %(last)s
CROSS JOIN LATERAL jsonb_object_keys(d.evidence_seen) AS seen (flag_id)
JOIN review_flag AS f ON f.flag_id = seen.flag_id AND f.case_id = d.case_id
WHERE d.decided_at < %(before)s
ORDER BY f.flag_id, d.decided_at DESC, d.id DESC
