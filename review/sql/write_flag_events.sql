-- What this night changes about flags that are known, before they are written over. A correction of the person is noted
-- without repeating the person's data.
INSERT INTO review_flagevent (flag_id, night, event, was, became, at)
WITH rewritten AS (
    SELECT
        f.flag_id,
        f.evidence_hash AS old_evidence, i.evidence_hash AS new_evidence,
        f.reason_zh AS old_reason, i.reason_zh AS new_reason, f.reason_en AS old_english, i.reason_en AS new_english,
        f.amount AS old_amount, i.amount AS new_amount,
        f.severity AS old_severity, i.severity AS new_severity,
        f.link_reason AS old_link, i.link_reason AS new_link,
        f.confidence AS old_confidence, i.confidence AS new_confidence,
        f.rule_version AS old_rule, i.rule_version AS new_rule,
        f.policy_version AS old_policy, i.policy_version AS new_policy,
        f.division <> i.division OR f.member_name <> i.member_name OR f.member_id_number <> i.member_id_number
            AS corrected
    FROM rewritten_flag AS i
    JOIN review_flag AS f ON f.flag_id = i.flag_id
), change AS (
    SELECT flag_id, 1 AS place, 'evidence' AS event, old_evidence AS was, new_evidence AS became
    FROM rewritten WHERE old_evidence <> new_evidence
    UNION ALL
    SELECT flag_id, 2, 'reason', old_reason, new_reason
    FROM rewritten WHERE old_reason <> new_reason OR old_english <> new_english
    UNION ALL
    SELECT flag_id, 3, 'amount', CAST(old_amount AS TEXT), CAST(new_amount AS TEXT)
    FROM rewritten WHERE old_amount IS DISTINCT FROM new_amount
    UNION ALL
    SELECT flag_id, 4, 'severity', CAST(old_severity AS TEXT), CAST(new_severity AS TEXT)
    FROM rewritten WHERE old_severity <> new_severity
    UNION ALL
    SELECT flag_id, 5, 'confidence', old_link || ' ' || CAST(old_confidence AS TEXT),
        new_link || ' ' || CAST(new_confidence AS TEXT)
    FROM rewritten WHERE old_link <> new_link OR old_confidence <> new_confidence
    UNION ALL
    SELECT flag_id, 6, 'person', '', ''
    FROM rewritten WHERE corrected
    UNION ALL
    SELECT flag_id, 7, 'rule', old_rule, new_rule
    FROM rewritten WHERE old_rule <> new_rule
    UNION ALL
    SELECT flag_id, 8, 'policy', old_policy, new_policy
    FROM rewritten WHERE old_policy <> new_policy
    UNION ALL
    SELECT flag_id, 0, 'earlier', CAST(first_night AS TEXT), CAST(%(night)s AS TEXT)
    FROM compared_flag WHERE first_night > %(night)s
    UNION ALL
    SELECT flag_id, 0, 'returned', CAST(cleared_night AS TEXT), CAST(%(night)s AS TEXT)
    FROM compared_flag WHERE last_night < %(night)s AND cleared_night < %(night)s
    UNION ALL
    SELECT flag_id, 9, 'cleared', CAST(cleared_night AS TEXT), CAST(%(night)s AS TEXT)
    FROM cleared_flag
)
SELECT flag_id, %(night)s, event, COALESCE(was, ''), COALESCE(became, ''), %(at)s
FROM change
ORDER BY flag_id, place
