/*
id: buffer_entitled
title: {zh: 就业增收应予渐退, en: Due a gradual exit}
direction: protect
severity: 2
reads:
  dibao_roster: tells
  individual_business: tells
  business_turnover: tells
  pension_benefit: absence tells
  subsidy_payment: tells
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
  plausible_wage_percent, recurring_months, rural_period_months, rural_standard_yearly, severe_disability_levels,
  single_person_income_percent, still_seen_months, trade_idle_months, urban_period_months, urban_standard_monthly,
  work_cost_deduction_monthly, yearly_subsidies]
counts: [household]
legal_basis:
  - to: 2022-10-19
    zh: 贵州省低保渐退规定(2020);条款假定(assumed)
    en: Provincial rules on gradual exit (2020); the provision is assumed
  - from: 2022-10-20
    zh: 贵州省低保渐退规定(2020);2022年全国性通知(就业增收的渐退期);条款假定(assumed)
    en: Provincial rules on gradual exit (2020); the national notice of 2022 (buffer for rises from employment); the provision is assumed
check_on_visit:
  zh: 核实就业开始日期和工资;告知可享渐退,不直接停发;已停发的补办渐退。
  en: Check since when they work and for what wage; tell them of the gradual exit; where the benefit was ended at once, have it restored for the buffer.
can_be_wrong:
  zh: 就业登记早于低保;增收不是就业引起;渐退已批准未录入;从缴费得知的,单位可能只是补缴。
  en: The work is older than the benefit; the rise has another cause; an exit approved and not entered; contributions may be arrears paid by the employer.
*/
-- For rises from employment alone, while the buffer of that kind of work runs; whether the benefit goes on or was stopped. It is told
-- at once, by the month: what protects does not wait for the period.
SELECT 'dibao' AS scheme, household_id, job.member_id, 'buffer:' || coalesce(job.kind, 'unknown') AS record_key, NULL AS period, max(paid) AS amount,
       '新就业自 ' || max(job.started_on) || ' 起,渐退期至 ' || max(job.ends_on) || ';' || arg_max(computed_zh, income.month) AS reason_zh,
       'In new work since ' || max(job.started_on) || ', gradual exit until ' || max(job.ends_on) || '; '
       || arg_max(computed_en, income.month) AS reason_en,
       list_distinct(flatten(list(job.evidence)) || flatten(list(income.evidence))) AS evidence
FROM household_month AS income
JOIN job_buffer AS job USING (household_id)
SEMI JOIN counted_member USING (household_id, member_id)
WHERE income.status IN ('active', 'stopped')
  AND income.earned
  AND income.month >= date_trunc('month', job.started_on)
  AND job.ends_on >= this_month()
GROUP BY household_id, job.member_id, job.kind
