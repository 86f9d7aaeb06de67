/*
id: exit_buffer_expired
title: {zh: 渐退期满仍在领取, en: Gradual exit over and still paid}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  relocation: absence tells
parameters: [relocation_buffer_least_months, relocation_buffer_most_months]
legal_basis:
  zh: 贵州省低保渐退规定(2020);2022年全国性通知;条款假定(assumed)
  en: Provincial rules on gradual exit (2020); the national notice of 2022; the provision is assumed
check_on_visit:
  zh: 核实渐退起止、期满后是否继续发放;重新核算收入,困难的可继续保障。
  en: Check when the exit began and ended and whether it is still paid; work out the income anew, for who is still poor stays protected.
can_be_wrong:
  zh: 渐退期已延长未录入;期满后重新审批未更新。
  en: An extension not entered; approved again after the end and not updated.
*/
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'exit_buffer' AS record_key, max(exit_ends_on)::VARCHAR AS period,
       max(monthly_amount) AS amount, '渐退期于 ' || max(exit_ends_on) || ' 届满,仍在发放' AS reason_zh,
       'The gradual exit ended on ' || max(exit_ends_on) || ' and is still paid' AS reason_en, list(evidence) AS evidence
FROM dibao_member AS member
WHERE member.status = 'exiting'
  AND member.recipient = 'yes'
  AND household_id NOT IN (SELECT household_id FROM relocation_buffer WHERE due(ends_on))
GROUP BY household_id
HAVING NOT due(max(exit_ends_on))
