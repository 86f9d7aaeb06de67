/*
id: allowance_missing
title: {zh: 应享残疾人两项补贴未享, en: Disability allowance not paid}
direction: protect
severity: 2
reads:
  dibao_roster: tells
  disability_certificate: tells
  subsidy_payment: absence tells
parameters: [allowance_lookback_months, severe_by_kind, severe_disability_levels]
legal_basis:
  zh: 《国务院关于全面建立困难残疾人生活补贴和重度残疾人护理补贴制度的意见》;发放等级按贵州省民政厅报告(2020年10月底);条款假定(assumed)
  en: State Council opinions on the living allowance for disabled people in hardship and the nursing allowance; the levels by the provincial report of October 2020; the provision is assumed
check_on_visit:
  zh: 看残疾人证和补贴发放记录;告知可领取困难残疾人生活补贴、重度残疾人护理补贴,并协助申请。
  en: See the certificate and the payments; tell them of the living and the nursing allowance, and help them to apply.
can_be_wrong:
  zh: 补贴记在监护人名下;已享更高的工伤护理费或孤儿保障;刚办证、正在审批。
  en: Paid under a guardian's number; a better benefit instead, such as nursing pay after an accident at work; newly certified and under approval.
*/
-- Both allowances are the seed's for severe disabilities on dibao. Who was certified within the look-back may still be waiting.
WITH entitled AS (
    SELECT member.*, certificate.level, certificate.issued_on, certificate.evidence AS ground,
           (this_month() - to_months(policy('allowance_lookback_months', member.division)::INTEGER))::DATE AS since
    FROM paid_member AS member
    JOIN severe_certificate AS certificate USING (scheme, household_id, member_id)
    WHERE member.recipient = 'yes' AND certificate.level IN policy('severe_disability_levels', member.division)
), due_to AS (
    SELECT entitled.*, allowance.*
    FROM entitled
    CROSS JOIN (VALUES ('disability_living', '困难残疾人生活补贴', 'the living allowance'),
                       ('disability_care', '重度残疾人护理补贴', 'the nursing allowance')) AS allowance(programme, zh, en)
    WHERE entitled.issued_on < entitled.since
), paid AS (
    SELECT scheme, household_id, member_id, programme, max(month) AS last_month
    FROM linked_subsidy_payment
    GROUP BY scheme, household_id, member_id, programme
), unpaid AS (
    SELECT due_to.*
    FROM due_to LEFT JOIN paid USING (scheme, household_id, member_id, programme)
    WHERE coalesce(last_month < since, true)
)
SELECT scheme, household_id, member_id, 'allowance:missing' AS record_key, NULL AS period, any_value(monthly_amount) AS amount,
       mask_name(any_value(name)) || ' 残疾 ' || min(level) || ' 级,近月未见发放:' || string_agg(DISTINCT zh, '、' ORDER BY zh) AS reason_zh,
       mask_name(any_value(name)) || ' has a disability of level ' || min(level) || ' and of late no payment of '
       || string_agg(DISTINCT en, ' and ' ORDER BY en) || ' is on record' AS reason_en,
       list_distinct(list(evidence) || list(ground)) AS evidence, last_day(any_value(since)) AS claim_on
FROM unpaid
GROUP BY scheme, household_id, member_id
