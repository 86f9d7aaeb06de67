/*
id: wage_income_over_standard
title: {zh: 家庭人均收入超过标准, en: Income over the standard}
direction: doubt
severity: 3
reads:
  dibao_roster: tells
  individual_business: tells
  business_turnover: tells
  pension_benefit: absence tells
  subsidy_payment: may tell
  employee_insurance: absence tells
  unemployment_benefit: absence tells
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
  death_cancellation: absence tells
  cremation: absence tells
parameters: [
  adult_age, business_net_percent, costly_school_stages, counted_pensions, counted_subsidies,
  disability_cost_deduction_monthly, exit_buffer_flexible_months, exit_buffer_private_months, exit_buffer_public_months,
  exit_buffer_welfare_post_months, first_month_percent, housing_fund_personal_percent, new_work_months,
  plausible_wage_percent, recurring_months, relocation_buffer_least_months, relocation_buffer_most_months,
  rural_period_months, rural_standard_yearly, severe_disability_levels, single_person_income_percent,
  standing_income_months, still_seen_months, trade_idle_months, undeclared_tolerance_monthly, undeclared_tolerance_percent,
  urban_period_months, urban_standard_monthly, work_cost_deduction_monthly, yearly_subsidies]
counts: [household, income]
legal_basis:
  - to: 2021-06-30
    zh: 《社会救助暂行办法》;《最低生活保障审核审批办法(试行)》(2012)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Trial measures of 2012 on household income; the provision is assumed
  - from: 2021-07-01
    zh: 《社会救助暂行办法》;《最低生活保障审核确认办法》(2021)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Measures of 2021 on household income; the provision is assumed
check_on_visit:
  zh: 按核算明细逐项核对核算期内实际收入和支出;问家庭人口;问收入是否继续;新就业的按渐退办理。
  en: Go through the computation line by line against what came in and went out over the period; ask who belongs to the household and whether the income goes on; new work is a case for a gradual exit.
can_be_wrong:
  zh: 缴费基数高于实发工资;挂靠缴费;只知一个月的工资可能是新就业或一次性往来;扣减项目未入库;一行申报数月收入而未写所属期起止的,按一个月计。
  en: A contribution base above the wage; insured through another's firm; a wage known of one month may be new work or a single payment; expenses not on record; income of several months in one row that does not say so is taken for a month's.
*/
-- What is known of the period speaks for itself, at the full severity. Standing income that nobody declared, and that passes the whole
-- period's standard within the months the policy says, is a question at the lowest severity: it says of how many months it is known.
-- A household inside a buffer is never doubted for its income (see buffer_entitled), nor one whose income cannot be known.
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'income' AS record_key, NULL AS period, paid AS amount,
       CASE WHEN over THEN 3 ELSE 1 END AS severity,
       CASE WHEN over THEN '' ELSE '固定收入每月 ' || monthly || ' 元,未见申报,如持续将超过核算期标准,请核实何时开始、是否继续。' END
       || computed_zh AS reason_zh,
       CASE WHEN over THEN '' ELSE 'Standing income of ' || monthly
            || ' yuan a month, not declared: if it goes on, it passes the standard of the period; ask since when, and whether it does. ' END
       || computed_en AS reason_en, evidence, counted
FROM household_income
WHERE status = 'active'
  AND household_id NOT IN (SELECT household_id FROM buffered_household)
  AND household_id NOT IN (SELECT household_id FROM income_unknown)
