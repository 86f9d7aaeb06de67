-- One row a flag: its ground (rule, scheme, household, member, record_key, period), what it says, its evidence, and what it
-- rests on. It is as sure as the weakest link it rests on: a link's confidence is that of its reason, or its own
-- probability if lower; what a record says against its person is said with it. Read: ground, not_checkable, contradicted, covered, shown, links.
WITH ranked AS (
    SELECT link_reason, rank, percent / 100 AS sure
    FROM (VALUES {ranked}) AS reason(link_reason, rank, percent)
), spoken_against AS (
    SELECT flag_id, bool_or(effect = '{silences}') AS silenced, bool_or(effect = '{lowers}') AS lowered,
           string_agg(DISTINCT zh, ';' ORDER BY zh) AS zh, string_agg(DISTINCT en, '; ' ORDER BY en) AS en,
           to_json(list({{'by': view, 'effect': effect, 'since': since, 'zh': zh, 'en': en, 'record': evidence}}
                        ORDER BY view, zh, en))::VARCHAR AS told
    FROM contradicted
    GROUP BY flag_id
), identified AS (
    SELECT ground.*, spoken_against.told AS contradictions, coalesce(lowered, false) AS lowered,
           spoken_against.zh AS against_zh, spoken_against.en AS against_en
    FROM ground
    LEFT JOIN spoken_against ON spoken_against.flag_id = ground.flag_id
    WHERE NOT coalesce(silenced, false) AND ground.flag_id NOT IN (SELECT flag_id FROM not_checkable)
), pointed AS (
    SELECT flag_id, type, "role", row_key, max(rank) AS rank
    FROM (SELECT flag_id, unnest(evidence, recursive := true) FROM identified)
    JOIN ranked USING (link_reason)
    GROUP BY ALL
), weakest AS (
    SELECT flag_id, (floor(min(least(sure, coalesce(probability, 1))) * 100) / 100)::DECIMAL(3, 2) AS confidence,
           min({contradiction}) AS contradiction
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
), sources AS (
    SELECT rule, division, to_json(list({{'type': type, 'how': how, 'until': until}} ORDER BY type))::VARCHAR AS told
    FROM (SELECT * FROM (VALUES {reads}) AS read(rule, type, how))
    JOIN (SELECT DISTINCT rule, division FROM ground) USING (rule)
    LEFT JOIN covered USING (division, type)
    GROUP BY rule, division
)
SELECT flag_id, identified.rule, rule_version, '{policy_version}' AS policy_version, direction,
       CASE WHEN lowered THEN greatest(severity - 1, 1) ELSE severity END AS severity,
       identified.scheme, identified.household_id, identified.member_id, identified.division, head_name,
       member.name AS member_name, member.id_number AS member_id_number, record_key, period, amount,
       reason.zh || coalesce(told_against.zh, '') || CASE WHEN lowered THEN ';' || against_zh ELSE '' END AS reason_zh,
       reason.en || coalesce(told_against.en, '') || CASE WHEN lowered THEN '; ' || against_en ELSE '' END AS reason_en,
       ranked.link_reason, confidence, evidenced.evidence, evidence_hash,
       '{{"decided_on":' || coalesce('"' || decided_on || '"', 'null')
       || ',"claim_on":' || coalesce('"' || claim_on || '"', 'null')
       || ',"sources":' || coalesce(sources.told, '[]')
       || ',"contradictions":' || coalesce(contradictions, '[]')
       || ',"counted":' || CASE WHEN counted IS NULL THEN '[]' ELSE to_json(counted)::VARCHAR END || '}}' AS basis
FROM identified
JOIN evidenced USING (flag_id)
JOIN weakest USING (flag_id)
LEFT JOIN (VALUES {contradictions}) AS told_against(contradiction, zh, en)
       ON told_against.contradiction = weakest.contradiction
JOIN ranked USING (rank)
LEFT JOIN sources ON sources.rule = identified.rule AND sources.division = identified.division
LEFT JOIN person_of_found AS member ON member.scheme = identified.scheme
                                   AND member.household_id = identified.household_id
                                   AND member.member_id = identified.member_id
-- Who else bears a name, the household register tells: without it, a likely link is no ground.
WHERE ranked.link_reason <> '{by_weight}' OR delivered('household_register')
ORDER BY identified.rule, identified.scheme, identified.household_id, identified.member_id NULLS FIRST, record_key,
         period NULLS FIRST;
