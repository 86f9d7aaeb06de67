/*
id: exit_buffer_expired
title: {zh: 渐退期满仍在领取, en: Gradual exit over and still paid}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  relocation: absence tells
parameters: [
  exit_buffer_flexible_months, exit_buffer_private_months, exit_buffer_public_months, exit_buffer_welfare_post_months,
  relocation_buffer_least_months, relocation_buffer_most_months]
legal_basis:
  - to: 2022-10-19
    zh: 贵州省低保渐退规定(2020);条款假定(assumed)
    en: Provincial rules on gradual exit (2020); the provision is assumed
  - from: 2022-10-20
    zh: 贵州省低保渐退规定(2020);2022年全国性通知;条款假定(assumed)
    en: Provincial rules on gradual exit (2020); the national notice of 2022; the provision is assumed
check_on_visit:
  zh: 核实渐退起止、期满后是否继续发放;止期空白或超过最长期限的,由经办机构补正;重新核算收入,困难的可继续保障。
  en: Check when the exit began and ended and whether it is still paid; where no end, or one past every maximum, was entered, the office corrects it; work out the income anew, for who is still poor stays protected.
can_be_wrong:
  zh: 渐退期已延长未录入;期满后重新审批未更新;止期录入有误。
  en: An extension not entered; approved again after the end and not updated; an end entered wrongly.
*/
-- An exit without an end, or with one past the longest that the law of any day it can have begun on allows, is a lead on the office. It
-- began on some day between the last decision and the night.
WITH exiting AS (
    SELECT scheme, household_id, max(exit_ends_on) AS ends_on, count(exit_ends_on) AS dated, max(monthly_amount) AS amount,
           any_value(division) AS division, list(evidence) AS evidence,
           bool_or(relocated IS DISTINCT FROM 'no')
           OR (scheme, household_id) IN (SELECT (scheme, household_id) FROM linked_relocation) AS relocated
    FROM dibao_member
    WHERE status = 'exiting' AND recipient = 'yes'
    GROUP BY scheme, household_id
), began AS (
    SELECT household_id, division, relocated,
           unnest(generate_series(date_trunc('month', least(decided_on, as_of()))::DATE, this_month(), INTERVAL 1 MONTH))::DATE AS day
    FROM exiting JOIN decided USING (scheme, household_id)
), longest AS (
    SELECT household_id, max((day + to_months(greatest(
               policy_on('exit_buffer_public_months', division, day), policy_on('exit_buffer_private_months', division, day),
               policy_on('exit_buffer_flexible_months', division, day), policy_on('exit_buffer_welfare_post_months', division, day),
               CASE WHEN relocated THEN policy_on('relocation_buffer_most_months', division, day) END)::INTEGER))::DATE) AS latest
    FROM began
    GROUP BY household_id
), judged AS (
    SELECT exiting.*, latest,
           CASE WHEN dated = 0 THEN 'no_end' WHEN NOT due(ends_on) THEN 'over' WHEN ends_on > last_day(latest) THEN 'too_long' END AS why
    FROM exiting JOIN longest USING (household_id)
)
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'exit_buffer' AS record_key, ends_on::VARCHAR AS period, amount,
       CASE why WHEN 'over' THEN '渐退期于 ' || ends_on || ' 届满,仍在发放'
                WHEN 'no_end' THEN '名册列为渐退,未写渐退期截止日期'
                ELSE '渐退期登记到 ' || ends_on || ',超过最长期限(至 ' || last_day(latest) || ')' END AS reason_zh,
       CASE why WHEN 'over' THEN 'The gradual exit ended on ' || ends_on || ' and is still paid'
                WHEN 'no_end' THEN 'In gradual exit on the roster, and no end was entered'
                ELSE 'The gradual exit was entered until ' || ends_on || ', past the longest allowed (' || last_day(latest) || ')' END AS reason_en,
       evidence
FROM judged
WHERE why IS NOT NULL
  AND household_id NOT IN (SELECT household_id FROM relocation_buffer WHERE due(ends_on))
