-- One row a flag: its ground (rule, scheme, household, member, record_key, period), what it says, and its evidence. It is
-- as sure as the weakest link it rests on: a link's confidence is that of its reason, or its own probability if lower.
WITH ranked AS (
    SELECT link_reason, rank, percent / 100 AS sure
    FROM (VALUES {ranked}) AS reason(link_reason, rank, percent)
), ground AS (
    SELECT rule, scheme, household_id, member_id, record_key, period,
           any_value(rule_version) AS rule_version, any_value(direction) AS direction, max(severity) AS severity,
           max(amount) AS amount, flatten(list(evidence)) AS evidence,
           first({{'zh': reason_zh, 'en': reason_en}} ORDER BY severity DESC, reason_zh, reason_en) AS reason
    FROM found
    GROUP BY ALL
), identified AS (
    SELECT *, left(sha256(concat_ws('|', rule, scheme, household_id, coalesce(member_id, ''), record_key,
                                    coalesce(period, ''))), 32) AS flag_id
    FROM ground
), pointed AS (
    SELECT flag_id, type, "role", row_key, max(rank) AS rank
    FROM (SELECT flag_id, unnest(evidence, recursive := true) FROM identified)
    JOIN ranked USING (link_reason)
    GROUP BY ALL
), weakest AS (
    SELECT flag_id, (floor(min(least(sure, coalesce(probability, 1))) * 100) / 100)::DECIMAL(3, 2) AS confidence
    FROM pointed
    JOIN ranked USING (rank)
    LEFT JOIN links AS link ON link.type = pointed.type AND link.role = pointed."role"
                           AND link.row_key = pointed.row_key AND link.reason = link_reason
    GROUP BY flag_id
), evidenced AS (
    SELECT flag_id, max(rank) AS rank,
           to_json(list({{
               'type': type, 'role': "role", 'row_key': row_key, 'delivery_id': delivery_id,
               'delivery_date': delivery_date, 'row_number': row_number, 'link_reason': link_reason,
               'row_hash': row_hash, 'facts': facts
           }} ORDER BY type, row_key, "role"))::VARCHAR AS evidence,
           sha256(string_agg(DISTINCT type || '|' || row_key || '|' || row_hash, chr(10)
                             ORDER BY type || '|' || row_key || '|' || row_hash)) AS evidence_hash
    FROM pointed JOIN ranked USING (rank) JOIN shown USING (type, row_key)
    GROUP BY flag_id
), listed AS (
    {listed}
), people_of_flagged AS (
    SELECT listed.*
    FROM listed
    SEMI JOIN found ON found.scheme = listed.scheme AND found.household_id = listed.household_id
), headed AS (
    -- A household whose register names no head goes by its first member.
    SELECT scheme, household_id, first(name ORDER BY is_head DESC, member_id) AS head_name,
           first(division ORDER BY is_head DESC, member_id) AS division
    FROM people_of_flagged
    GROUP BY ALL
)
SELECT flag_id, rule, rule_version, '{policy_version}' AS policy_version, direction, severity, scheme, household_id,
       member_id, headed.division, head_name, member.name AS member_name, member.id_number AS member_id_number,
       record_key, period, amount, reason.zh AS reason_zh, reason.en AS reason_en, ranked.link_reason, confidence,
       evidenced.evidence, evidence_hash
FROM identified
JOIN evidenced USING (flag_id)
JOIN weakest USING (flag_id)
JOIN ranked USING (rank)
JOIN headed USING (scheme, household_id)
LEFT JOIN people_of_flagged AS member USING (scheme, household_id, member_id)
-- Who else bears a name, the household register tells: without it, a likely link is no ground.
WHERE ranked.link_reason <> '{by_weight}' OR delivered('household_register')
ORDER BY rule, scheme, household_id, member_id NULLS FIRST, record_key, period NULLS FIRST;
