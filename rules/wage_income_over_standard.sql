/*
id: wage_income_over_standard
title: {zh: 家庭人均月收入超过标准, en: Monthly income over the standard}
direction: doubt
severity: 3
reads:
  dibao_roster: tells
  employee_insurance: tells
  individual_business: tells
  business_turnover: tells
  pension_benefit: tells
  unemployment_benefit: tells
  subsidy_payment: tells
  income_tax: absence tells
  fiscal_payroll: absence tells
  welfare_post: absence tells
  employment_registration: absence tells
  pension_contribution: absence tells
  housing_fund: absence tells
  medical_expense: absence tells
  disability_certificate: absence tells
  student_enrolment: absence tells
  relocation: absence tells
parameters: [income_lookback_months, business_net_percent, counted_pensions, counted_subsidies, work_cost_deduction_monthly, disability_cost_deduction_monthly, severe_disability_levels, costly_school_stages, adult_age, dependent_student_stages, urban_standard_monthly, rural_standard_yearly, exit_buffer_public_months, exit_buffer_private_months, exit_buffer_flexible_months, exit_buffer_welfare_post_months, relocation_buffer_least_months, relocation_buffer_most_months]
legal_basis:
  zh: 《社会救助暂行办法》;《最低生活保障审核确认办法》(2021)关于家庭收入的规定;条款假定(assumed)
  en: Interim Measures on Social Assistance; Measures of 2021 on household income; the provision is assumed
check_on_visit:
  zh: 按核算明细逐项核对当月实际收入和支出;问家庭人口;新就业的按渐退办理。
  en: Go through the computation line by line against what came in and went out that month; ask who belongs to the household; new work is a case for a gradual exit.
can_be_wrong:
  zh: 缴费基数高于实发工资;挂靠缴费;当月一次性收入;扣减项目未入库;一行申报数月收入而未写所属期起止的,按一个月计。
  en: A contribution base above the wage; insured through another's firm; one-off income of the month; expenses not on record; income of several months in one row that does not say so is taken for a month's.
*/
-- The newest month over the standard speaks for itself; months are never added up. A household inside a buffer is never doubted for its income: see buffer_entitled.
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'income' AS record_key, period, paid AS amount,
       computed_zh AS reason_zh, computed_en AS reason_en, evidence
FROM household_income
WHERE status = 'active'
  AND household_id NOT IN (SELECT household_id FROM buffered_household)
QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY period DESC) = 1
