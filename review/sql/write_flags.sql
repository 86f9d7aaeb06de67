-- New flags, and what known flags say now. Nights are set by update_flag_nights.sql; a flag's case never changes.
INSERT INTO review_flag (
    flag_id, case_id, rule, rule_version, policy_version, direction, severity, division,
    member_id, member_name, member_id_number, record_key, period, amount, reason_zh, reason_en, link_reason, confidence,
    evidence_hash, basis, content_hash, sources_hash, first_night, last_night, cleared_night
)
SELECT
    i.flag_id, s.case_id, i.rule, i.rule_version, i.policy_version, i.direction, i.severity, i.division,
    i.member_id, i.member_name, i.member_id_number, i.record_key, i.period, i.amount, i.reason_zh, i.reason_en,
    i.link_reason, i.confidence, i.evidence_hash, i.basis, i.content_hash, i.sources_hash, %(night)s,
    %(last_night)s, %(next_night)s
FROM rewritten_flag AS i
JOIN compared_flag AS s ON s.flag_id = i.flag_id
WHERE true
ON CONFLICT (flag_id) DO UPDATE SET
    rule_version = excluded.rule_version,
    policy_version = excluded.policy_version,
    direction = excluded.direction,
    severity = excluded.severity,
    division = excluded.division,
    member_name = excluded.member_name,
    member_id_number = excluded.member_id_number,
    amount = excluded.amount,
    reason_zh = excluded.reason_zh,
    reason_en = excluded.reason_en,
    link_reason = excluded.link_reason,
    confidence = excluded.confidence,
    evidence_hash = excluded.evidence_hash,
    basis = excluded.basis,
    content_hash = excluded.content_hash,
    sources_hash = excluded.sources_hash
