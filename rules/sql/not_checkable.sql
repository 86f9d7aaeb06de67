-- The findings that say nothing tonight, each with the type for want of which. Read: ground, covered, unread and what the
-- rules ask ({asked}: rule, type, lag; {judged}: rule, type, column_name, whole_household).
CREATE OR REPLACE TEMP TABLE not_checkable AS
WITH uncovered AS (
    SELECT ground.flag_id, asked.type, asked.title_zh, asked.title_en, asked.lag, ground.claim_on, covered.until
    FROM ground
    JOIN (SELECT * FROM (VALUES {asked}) AS told(rule, type, title_zh, title_en, lag)) AS asked ON asked.rule = ground.rule
    LEFT JOIN covered ON covered.division = ground.division AND covered.type = asked.type
    WHERE covered.until IS NULL OR coalesce(datediff('day', ground.claim_on, covered.until) < asked.lag, false)
), unreadable AS (
    -- Of a roster's line nobody knows whose it is: it is held to be anybody's of the household.
    SELECT ground.flag_id, judged.type, any_value(judged.title_zh) AS title_zh, any_value(judged.title_en) AS title_en,
           min(coalesce(unread.column_name, '')) AS column_name
    FROM ground
    JOIN (SELECT * FROM (VALUES {judged}) AS told(rule, type, title_zh, title_en, column_name, whole_household)) AS judged
      ON judged.rule = ground.rule
    JOIN unread ON unread.type = judged.type AND unread.scheme = ground.scheme
               AND unread.household_id = ground.household_id
               AND coalesce(unread.column_name, '') = judged.column_name
    WHERE judged.whole_household OR unread.member_id IS NULL OR ground.member_id IS NULL
       OR unread.member_id = ground.member_id
    GROUP BY ground.flag_id, judged.type
), told AS (
    SELECT flag_id, type, CASE WHEN until IS NULL THEN 'not_delivered' ELSE 'not_fresh' END AS kind,
           CASE WHEN until IS NULL THEN title_zh || '未送达本地'
                ELSE title_zh || '只到 ' || until || ',还看不到 ' || claim_on || ' 的情况(通常 ' || lag || ' 天内登记)' END AS why_zh,
           CASE WHEN until IS NULL THEN title_en || ': not delivered for this division'
                ELSE title_en || ': delivered up to ' || until || ', which cannot tell of ' || claim_on || ' (registered within '
                     || lag || ' days as a rule)' END AS why_en
    FROM uncovered
    UNION ALL
    SELECT flag_id, type, CASE WHEN column_name = '' THEN 'unread_line' ELSE 'unread_cell' END,
           title_zh || CASE WHEN column_name = '' THEN '有一行未能读出' ELSE '有一格未能读出(' || column_name || ')' END,
           title_en || CASE WHEN column_name = '' THEN ': a line could not be read'
                            ELSE ': a cell could not be read (' || column_name || ')' END
    FROM unreadable
)
SELECT ground.flag_id, ground.rule, ground.scheme, ground.household_id, ground.member_id, ground.division,
       told.type, told.kind, told.why_zh, told.why_en
FROM told JOIN ground ON ground.flag_id = told.flag_id;
