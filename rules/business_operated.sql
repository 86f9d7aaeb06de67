/*
id: business_operated
title: {zh: 个体经营有营业额, en: Individual business with turnover}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  business_turnover: tells
  cremation: absence tells
  death_cancellation: absence tells
  income_tax: absence tells
  individual_business: tells
  relocation: absence tells
parameters: [
  adult_age, business_month_turnover_limit, business_net_percent, rural_period_months, rural_standard_yearly,
  single_person_income_percent, trade_idle_months, turnover_lookback_months, undeclared_tolerance_monthly,
  undeclared_tolerance_percent, urban_period_months, urban_standard_monthly]
legal_basis:
  - to: 2021-06-30
    zh: 《社会救助暂行办法》;《最低生活保障审核审批办法(试行)》(2012)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Trial measures of 2012 on household income; the provision is assumed
  - from: 2021-07-01
    zh: 《社会救助暂行办法》;《最低生活保障审核确认办法》(2021)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Measures of 2021 on household income; the provision is assumed
check_on_visit:
  zh: 看店铺和账本;问由谁经营、毛利和成本;是否借照、已转让。
  en: See the shop and its books; ask who runs it, margin and costs; whether the licence was lent or sold.
can_be_wrong:
  zh: 借照经营;营业额不是净收入;代开发票;按年申报而未写所属期起止的,按一个月计。
  en: >-
    The licence is used by another; turnover is not income; invoices issued for others; a year declared in one row that
    does not say so is taken for a month.
*/
-- Registration is not income: a business is left alone while no month's turnover is over the limit. Months are never added up. Only trade
-- since the last decision counts, and only while it goes on, which it does not when the trader has died; small trade that was declared
-- is left alone while the net income of its best month is within what was declared, or within the household's standard of a month. What
-- was taxed beats a guess from turnover.
WITH traded AS (
    SELECT scheme, household_id, member_id, uscc, coalesce(any_value(business_name), uscc) AS business, max(amount) AS most, max(month) AS newest,
           flatten(list(evidence)) AS evidence
    FROM traded_month
    JOIN decided USING (scheme, household_id)
    WHERE month >= decided_on
      AND month >= this_month() - to_months(policy('turnover_lookback_months', province())::INTEGER)
    GROUP BY scheme, household_id, member_id, uscc
), taxed AS (
    SELECT scheme, household_id, member_id, max(profit) AS profit
    FROM (SELECT scheme, household_id, member_id, month, sum(income) AS profit
          FROM linked_income_tax JOIN decided USING (scheme, household_id)
          WHERE income_kind = 'business' AND month >= decided_on
          GROUP BY scheme, household_id, member_id, month)
    GROUP BY scheme, household_id, member_id
), unread AS (
    -- Of a record that may tell of the profit, and cannot be read, nobody knows what it would have said.
    SELECT scheme, household_id, member_id FROM linked_income_tax
    WHERE income_kind IS NULL OR (income_kind = 'business' AND (month IS NULL OR income IS NULL))
), earned AS (
    SELECT traded.*, coalesce(taxed.profit, most * policy('business_net_percent', province()) / 100) AS net
    FROM traded LEFT JOIN taxed USING (scheme, household_id, member_id)
)
SELECT 'dibao' AS scheme, household_id, member_id, 'business:' || uscc AS record_key, NULL AS period, member.monthly_amount AS amount,
       mask_name(member.name) || ' 经营 ' || business || ',最高月营业额 ' || most || ' 元' AS reason_zh,
       mask_name(member.name) || ' runs ' || business || '; its best month turned over ' || most || ' yuan' AS reason_en,
       list_distinct(earned.evidence) AS evidence
FROM earned
JOIN paid_member AS member USING (scheme, household_id, member_id)
JOIN accounting_period AS period USING (household_id)
LEFT JOIN declared_income AS told USING (scheme, household_id, member_id)
ANTI JOIN deceased USING (scheme, household_id, member_id)
ANTI JOIN unread USING (scheme, household_id, member_id)
WHERE most > policy('business_month_turnover_limit', member.division)
  AND newest >= this_month() - to_months(policy('trade_idle_months', member.division)::INTEGER)
  AND NOT (coalesce(member.declared_employment, '') IN ('flexible', 'employed')
           AND net <= greatest(coalesce(told.tolerated, 0), period.standard / period.months * period.heads))
  AND NOT coalesce(member.declared_income > 0 AND net <= told.tolerated, false)
