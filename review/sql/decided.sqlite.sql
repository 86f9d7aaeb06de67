-- Every flag that a decision has seen, with the last such decision's outcome.
SELECT flag_id, scheme, household_id, member_id, direction, outcome
FROM (
    SELECT f.flag_id, c.scheme, c.household_id, f.member_id, f.direction, d.outcome,
           ROW_NUMBER() OVER (PARTITION BY f.flag_id ORDER BY d.decided_at DESC, d.id DESC) AS place
    FROM review_decision AS d
    JOIN json_each(d.evidence_seen) AS seen
    JOIN review_flag AS f ON f.flag_id = seen.key AND f.case_id = d.case_id
    JOIN review_case AS c ON c.id = f.case_id
    WHERE d.decided_at < %(before)s
) AS decided
WHERE place = 1
ORDER BY flag_id
