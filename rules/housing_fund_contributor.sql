/*
id: housing_fund_contributor
title: {zh: 缴存公积金而未申报就业, en: Housing fund paid and no job declared}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  employee_insurance: absence tells
  employment_registration: absence tells
  fiscal_payroll: absence tells
  housing_fund: tells
  income_tax: absence tells
  pension_contribution: absence tells
  relocation: absence tells
  welfare_post: absence tells
parameters: [
  exit_buffer_flexible_months, exit_buffer_private_months, exit_buffer_public_months, exit_buffer_welfare_post_months,
  first_month_percent, new_work_months, relocation_buffer_least_months, relocation_buffer_most_months, still_seen_months]
legal_basis:
  - to: 2021-06-30
    zh: 《社会救助暂行办法》;《最低生活保障审核审批办法(试行)》(2012)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Trial measures of 2012 on household income; the provision is assumed
  - from: 2021-07-01
    zh: 《社会救助暂行办法》;《最低生活保障审核确认办法》(2021)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Measures of 2021 on household income; the provision is assumed
check_on_visit:
  zh: 核实是否在岗、月工资和入职日期;如新就业,按渐退期办理。
  en: Find out whether they work, the wage and since when; if the work is new, a gradual exit is due.
can_be_wrong:
  zh: 单位补缴以往月份;账户未及时封存;名册就业栏漏填。
  en: Arrears of earlier months paid by the employer; an account not sealed in time; employment left out of the roster.
*/
-- Who no longer pays is no contributor; what was paid before the last decision was before those who decided; a job that is new is due a
-- gradual exit; and a field left blank declares nothing.
WITH newest AS (
    SELECT * FROM linked_housing_fund
    QUALIFY row_number() OVER (PARTITION BY scheme, household_id, member_id, account_no ORDER BY month DESC) = 1
)
SELECT 'dibao' AS scheme, household_id, member_id, 'housing_fund:' || account_no AS record_key, NULL AS period,
       member.monthly_amount AS amount,
       mask_name(member.name) || ' ' || strftime(month, '%Y-%m') || ' 缴存住房公积金'
       || coalesce(',缴存单位 ' || employer_name, '') || ',名册未申报就业' AS reason_zh,
       mask_name(member.name) || ' paid into the housing fund in ' || strftime(month, '%Y-%m')
       || coalesce(' through ' || employer_name, '') || '; no job is declared' AS reason_en, [newest.evidence] AS evidence
FROM newest
JOIN dibao_member AS member USING (scheme, household_id, member_id)
JOIN decided USING (scheme, household_id)
WHERE newest.status = 'paying'
  AND member.status = 'active'
  AND member.declared_employment IN ('none', 'student')
  AND month >= decided.decided_on
  AND month >= this_month() - to_months(policy('still_seen_months', member.division)::INTEGER)
  AND household_id NOT IN (SELECT household_id FROM buffered_household)
