/*
id: wage_told
says:
  zh: 各部门所说的某成员某月工资,一部门一行;rank 小者更接近实发(个税、财政工资、公益岗位、就业登记,其后为缴费基数)。整月在岗的才计。
  en: >-
    What each department tells of a member's wages in a month, one row each; a lower rank is closer to what was paid (tax,
    payroll, welfare post, registered wage, then contribution bases). A job counts for the months it lasted from first to last day.
reads:
  - income_tax
  - fiscal_payroll
  - welfare_post
  - employment_registration
  - pension_contribution
  - housing_fund
  - employee_insurance
parameters: [income_lookback_months]
*/
WITH looked_at AS (
    SELECT (date_trunc('month', as_of()) - to_months(back))::DATE AS month
    FROM (SELECT unnest(range(1, policy('income_lookback_months', province())::INTEGER + 1))::INTEGER AS back)
), monthly AS (
    SELECT scheme, household_id, member_id, month, 1 AS rank, '个人所得税申报工资' AS zh, 'wages declared for tax' AS en, income AS amount, evidence
    FROM linked_income_tax WHERE income_kind IN ('wages', 'labour')
    UNION ALL
    SELECT scheme, household_id, member_id, month, 5, '养老保险缴费基数', 'pension contribution base', base, evidence
    FROM linked_pension_contribution WHERE status = 'paid' AND insurance_kind = 'employee'
    UNION ALL
    SELECT scheme, household_id, member_id, month, 6, '住房公积金缴存基数', 'housing fund base', base, evidence
    FROM linked_housing_fund WHERE status = 'paying'
), running AS (
    SELECT scheme, household_id, member_id, started_on, ended_on, 2 AS rank, '财政工资' AS zh, 'public payroll' AS en, monthly_pay AS amount, evidence
    FROM linked_fiscal_payroll WHERE status = 'active' AND post_kind <> 'retired'
    UNION ALL
    SELECT scheme, household_id, member_id, started_on, ended_on, 3, '公益性岗位补贴', 'welfare post', monthly_amount, evidence
    FROM linked_welfare_post
    UNION ALL
    SELECT scheme, household_id, member_id, started_on, ended_on, 4, '就业登记工资', 'registered wage', monthly_wage, evidence
    FROM linked_employment_registration
    UNION ALL
    SELECT scheme, household_id, member_id, insured_on, stopped_on, 7, '职工医保缴费基数', 'employee insurance base', base, evidence
    FROM linked_employee_insurance WHERE status = 'active' AND kind = 'employed'
), told AS (
    SELECT scheme, household_id, member_id, month, rank, zh, en, amount, evidence FROM monthly JOIN looked_at USING (month)
    UNION ALL
    SELECT scheme, household_id, member_id, month, rank, zh, en, amount, evidence
    FROM running JOIN looked_at ON (started_on IS NULL OR started_on <= month)
                               AND (ended_on IS NULL OR ended_on >= last_day(month))
)
SELECT scheme, household_id, member_id, month, rank, zh, en, sum(amount) AS amount, list(evidence) AS evidence
FROM told SEMI JOIN dibao_member USING (scheme, household_id, member_id)
WHERE amount > 0
GROUP BY scheme, household_id, member_id, month, rank, zh, en
