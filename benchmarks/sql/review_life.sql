-- Eight months of work on the cases that one great night opened: where they stand, who holds them, what was decided and
-- logged. Statements end with ;;
UPDATE review_flag SET
    first_night = date '2020-02-01' + CAST(case_id * 40503 % 240 AS integer),
    last_night = CASE WHEN CAST(substr(record_key, 15) AS bigint) % 7 = 6 THEN date '2020-10-28' END,
    cleared_night = CASE WHEN CAST(substr(record_key, 15) AS bigint) % 7 = 6 THEN date '2020-10-29' END
;;
UPDATE review_case AS c SET
    state = s.state,
    version = 2 + id % 5,
    opened_night = date '2020-02-01' + CAST(id * 40503 % 240 AS integer),
    last_changed_night = date '2020-02-01' + CAST(id * 40503 % 240 + (id * 7919) % 33 AS integer),
    assigned_to = CASE WHEN s.state = 'opened' THEN '' ELSE substr(division, 1, 9) || '-' || id % 3 END,
    last_acted_at = CASE
        WHEN s.state <> 'opened' THEN timestamptz '2020-03-01 09:00+08' + (id * 40503 % 240) * interval '1 day'
    END,
    county_closed_at = CASE
        WHEN s.state LIKE 'closed%' THEN timestamptz '2020-03-01 09:00+08' + (id * 40503 % 240) * interval '1 day'
    END,
    province_closed_at = CASE
        WHEN s.state = 'closed_by_province'
            THEN timestamptz '2020-03-11 09:00+08' + (id * 40503 % 240) * interval '1 day'
    END
FROM (
    SELECT
        id AS case_id,
        CASE
            WHEN id * 31 % 100 < 35 THEN 'opened'
            WHEN id * 31 % 100 < 47 THEN 'assigned'
            WHEN id * 31 % 100 < 55 THEN 'visited'
            WHEN id * 31 % 100 < 60 THEN 'decided'
            WHEN id * 31 % 100 < 62 THEN 'notified'
            WHEN id * 31 % 100 < 63 THEN 'objection'
            WHEN id * 31 % 100 < 65 THEN 'rectified'
            WHEN id * 31 % 100 < 73 THEN 'closed_by_county'
            WHEN id * 31 % 100 < 74 THEN 'reopened'
            ELSE 'closed_by_province'
        END AS state
    FROM review_case
) AS s
WHERE s.case_id = c.id
;;
INSERT INTO review_decision (
    case_id, outcome, decided_by, investigator, second_investigator, decided_at, note, evidence_seen
)
SELECT
    c.id,
    (ARRAY['legitimate', 'legitimate', 'gradual_exit_granted', 'record_wrong', 'legitimate', 'supplement_granted'])
        [1 + c.id % 6],
    substr(c.division, 1, 6) || '-0',
    '', '', COALESCE(c.last_acted_at, now()), '属实', f.seen
FROM review_case AS c
JOIN (
    SELECT case_id, jsonb_object_agg(flag_id, evidence_hash) AS seen FROM review_flag GROUP BY case_id
) AS f ON f.case_id = c.id
WHERE c.state IN ('decided', 'rectified', 'closed_by_county', 'closed_by_province', 'reopened')
;;
INSERT INTO review_casestep (case_id, version, at, actor, action, from_state, to_state, note, detail)
SELECT
    c.id,
    v,
    COALESCE(c.last_acted_at, now()) - (c.version - v) * interval '3 days',
    substr(c.division, 1, 6) || '-0',
    CASE WHEN v = c.version THEN 'decide' ELSE 'assign' END,
    'opened',
    CASE WHEN v = c.version THEN c.state ELSE 'assigned' END,
    '',
    '{}'
FROM review_case AS c
CROSS JOIN LATERAL generate_series(2, c.version) AS v
WHERE c.state <> 'opened'
;;
INSERT INTO review_auditentry (number, at, actor, action, division, detail, seal)
SELECT
    h.number + row_number() OVER (ORDER BY s.at, s.id),
    s.at,
    s.actor,
    'case.' || s.action,
    c.division,
    jsonb_build_object('case_no', c.case_no, 'from', s.from_state, 'to', s.to_state),
    md5(CAST(s.id AS text))
FROM review_casestep AS s
JOIN review_case AS c ON c.id = s.case_id
CROSS JOIN review_audithead AS h
;;
UPDATE review_audithead SET number = (SELECT max(number) FROM review_auditentry)
