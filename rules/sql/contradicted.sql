-- What speaks against each finding, and what comes of it. Read: ground, covered, the views of contradictions.
CREATE OR REPLACE TEMP TABLE contradicted AS
WITH spoken AS (
    {spoken}
)
SELECT ground.flag_id, spoken.view, asked.effect, spoken.since, spoken.zh, spoken.en, spoken.evidence
FROM ground
JOIN (SELECT * FROM (VALUES {asked}) AS told(rule, view, effect)) AS asked ON asked.rule = ground.rule
JOIN spoken ON spoken.view = asked.view AND spoken.scheme = ground.scheme AND spoken.household_id = ground.household_id
WHERE coalesce(spoken.member_id = ground.member_id, true)
  AND coalesce(spoken.since >= ground.ground_on, true)
  AND (spoken.about IS NULL OR ground.record_key = spoken.about OR ends_with(ground.record_key, ':' || spoken.about))
UNION ALL
-- What could not be looked for lowers as if it were there: that it was not seen does not make a finding graver.
SELECT DISTINCT ground.flag_id, unseen.view, '{lowers}', NULL::DATE, '未能核对:' || unseen.title_zh,
       'could not be held against: ' || unseen.title_en, NULL
FROM ground
JOIN (SELECT * FROM (VALUES {unseen}) AS told(rule, view, type, title_zh, title_en)) AS unseen ON unseen.rule = ground.rule
LEFT JOIN covered ON covered.division = ground.division AND covered.type = unseen.type
WHERE covered.until IS NULL;
