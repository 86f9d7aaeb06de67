/*
id: unemployment_undeclared
title: {zh: 失业保险金未申报, en: Unemployment benefit not declared}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  unemployment_benefit: tells
parameters: [benefit_lookback_months]
legal_basis:
  zh: 《社会救助暂行办法》;《最低生活保障审核确认办法》(2021)关于家庭收入的规定;条款假定(assumed)
  en: Interim Measures on Social Assistance; Measures of 2021 on household income; the provision is assumed
check_on_visit:
  zh: 核对发放明细和家庭申报表;问是否已在收入核算中计入;告知如实申报的义务。
  en: Compare the payments with the household's declaration; ask whether they were counted; explain the duty to declare.
can_be_wrong:
  zh: 补发以往月份使当月偏高;名册申报栏未更新;名册只有申报总收入、不分来源,申报的其他收入可能掩盖此项,也可能此项已并入总数。
  en: Back pay makes one month high; a declaration not yet entered; the roster has one declared income, not by source, so that other income declared may hide this one, or include it in part.
*/
-- Month by month: what was received in a month is compared with what the member declared a month. The dearest month is shown.
WITH received AS (
    SELECT paid.household_id, paid.member_id, paid.month, any_value(member.name) AS name,
           any_value(member.monthly_amount) AS amount, any_value(coalesce(member.declared_income, 0)) AS declared,
           sum(paid.amount) AS received, list(paid.evidence) AS evidence
    FROM linked_unemployment_benefit AS paid
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE paid.month >= date_trunc('month', as_of()) - to_months(policy('benefit_lookback_months', member.division)::INTEGER)
    GROUP BY paid.household_id, paid.member_id, paid.month
)
SELECT 'dibao' AS scheme, household_id, member_id, 'unemployment_benefit' AS record_key, NULL AS period, any_value(amount) AS amount,
       undeclared_zh(any_value(name), first(month ORDER BY received DESC, month DESC), '失业保险金', max(received), any_value(declared))
       AS reason_zh,
       undeclared_en(any_value(name), first(month ORDER BY received DESC, month DESC), 'unemployment benefit', max(received), any_value(declared))
       AS reason_en,
       flatten(list(evidence)) AS evidence
FROM received
WHERE received > declared
GROUP BY household_id, member_id
