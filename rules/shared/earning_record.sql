/*
id: earning_record
says:
  zh: 近月仍在工作的人(不论是否在名册上)由各部门所说的月工资:个税、职工养老缴费、职工医保、就业登记、财政供养。
  en: >-
    What departments tell of the monthly wage of people who have been in work of late, whether they are on a roster or not: wage
    tax, employee pension contributions and insurance, registered jobs and the public payroll. By number and name.
reads: [income_tax, pension_contribution, employee_insurance, employment_registration, fiscal_payroll]
parameters: [earning_lookback_months, recurring_months]
*/
WITH since AS (
    SELECT (this_month() - to_months(policy('earning_lookback_months', province())::INTEGER))::DATE AS month
)
SELECT id_number, name, income AS wage, 'income_tax' AS type, row_key
FROM income_tax JOIN since ON income_tax.month >= since.month
WHERE income_kind = 'wages'
UNION ALL
-- One month's fee is no work that somebody is in.
SELECT id_number, name, income, 'income_tax', row_key
FROM (SELECT income_tax.*, count(DISTINCT income_tax.month) OVER (PARTITION BY id_number, name) AS times
      FROM income_tax JOIN since ON income_tax.month >= since.month
      WHERE income_kind = 'labour')
WHERE times >= policy('recurring_months', province())
UNION ALL
SELECT id_number, name, base, 'pension_contribution', row_key
FROM pension_contribution JOIN since ON pension_contribution.month >= since.month
WHERE status = 'paid' AND insurance_kind = 'employee'
UNION ALL
SELECT id_number, name, base, 'employee_insurance', row_key
FROM employee_insurance WHERE status = 'active' AND kind = 'employed' AND due(stopped_on)
UNION ALL
SELECT id_number, name, monthly_wage, 'employment_registration', row_key
FROM employment_registration WHERE due(ended_on)
UNION ALL
SELECT id_number, name, monthly_pay, 'fiscal_payroll', row_key
FROM fiscal_payroll WHERE status = 'active' AND due(ended_on)
