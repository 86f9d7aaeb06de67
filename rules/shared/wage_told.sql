/*
id: wage_told
says:
  zh: >-
    各部门所说的某成员某月工资,一部门一行;rank 小者更接近实发(个税、财政工资、公益岗位、就业登记,其后为缴费基数)。
    已结束的工作、已去世的人、近月不再出现的来源不列:不会再有的收入不作为疑点。产业帮扶是帮扶,不是工资。
  en: >-
    What each department tells of a member's wages in a month, one row each; a lower rank is closer to what was paid (tax,
    payroll, welfare post, registered wage, then contribution bases). Left out is what will not come again: a job that ended, a
    source not seen of late, somebody who has died. Industry support is help, no pay.
reads:
  - income_tax
  - fiscal_payroll
  - welfare_post
  - employment_registration
  - pension_contribution
  - housing_fund
  - employee_insurance
  - unemployment_benefit
  - pension_benefit
parameters: [rural_period_months, urban_period_months, still_seen_months, housing_fund_personal_percent]
*/
WITH looked_at AS (
    SELECT (this_month() - to_months(back))::DATE AS month
    FROM (SELECT unnest(range(1, greatest(policy('rural_period_months', province()),
                                          policy('urban_period_months', province()))::INTEGER + 1))::INTEGER AS back)
), drawn AS (
    -- Whoever draws unemployment benefit, or an employee's pension, is out of the work that a registration nobody ended still tells of.
    SELECT scheme, household_id, member_id, month FROM linked_unemployment_benefit
    UNION ALL
    SELECT scheme, household_id, member_id, month FROM linked_pension_benefit
    WHERE benefit_kind = 'employee' AND status IS DISTINCT FROM 'suspended'
), monthly AS (
    SELECT scheme, household_id, member_id, month, 1 AS rank, '个人所得税申报工资' AS zh, 'wages declared for tax' AS en,
           income AS amount, coalesce(tax, 0) AS taken_off, evidence
    FROM linked_income_tax WHERE income_kind = 'wages'
    UNION ALL
    SELECT scheme, household_id, member_id, month, 5, '养老保险缴费基数', 'pension contribution base', base, coalesce(personal_amount, 0), evidence
    FROM linked_pension_contribution WHERE status = 'paid' AND insurance_kind = 'employee'
    UNION ALL
    SELECT scheme, household_id, member_id, month, 6, '住房公积金缴存基数', 'housing fund base', base,
           round(amount * policy('housing_fund_personal_percent', province()) / 100, 2), evidence
    FROM linked_housing_fund WHERE status = 'paying'
), running AS (
    SELECT scheme, household_id, member_id, started_on, ended_on, 2 AS rank, '财政工资' AS zh, 'public payroll' AS en, monthly_pay AS amount, false AS flexible, evidence
    FROM linked_fiscal_payroll WHERE status = 'active' AND post_kind <> 'retired'
    UNION ALL
    SELECT scheme, household_id, member_id, started_on, ended_on, 3, '公益性岗位补贴', 'welfare post', monthly_amount, false, evidence
    FROM linked_welfare_post WHERE kind = 'welfare_post'
    UNION ALL
    SELECT job.scheme, job.household_id, job.member_id, job.started_on, job.ended_on, 4, '就业登记工资', 'registered wage', job.monthly_wage, coalesce(job.employment_kind = 'flexible', true),
           job.evidence
    FROM linked_employment_registration AS job
    WHERE NOT EXISTS (FROM drawn WHERE drawn.scheme = job.scheme AND drawn.household_id = job.household_id
                                   AND drawn.member_id = job.member_id
                                   AND drawn.month >= coalesce(job.started_on, drawn.month))
    UNION ALL
    SELECT scheme, household_id, member_id, insured_on, stopped_on, 7, '职工医保缴费基数', 'employee insurance base', base, false, evidence
    FROM linked_employee_insurance WHERE status = 'active' AND kind = 'employed'
), ended AS (
    -- The last pay comes in the month after.
    SELECT scheme, household_id, member_id, (max(ended_on) + INTERVAL 1 MONTH)::DATE AS until
    FROM running
    GROUP BY scheme, household_id, member_id
    HAVING NOT bool_or(due(ended_on))
), told AS (
    SELECT scheme, household_id, member_id, month, rank, zh, en, amount, taken_off, false AS flexible, evidence
    FROM (SELECT *, max(month) OVER (PARTITION BY scheme, household_id, member_id, rank) AS newest,
                 max(month) OVER (PARTITION BY scheme, household_id, member_id) AS newest_of_all
          FROM monthly WHERE month < this_month())
    JOIN looked_at USING (month)
    LEFT JOIN ended USING (scheme, household_id, member_id)
    WHERE newest >= this_month() - to_months(policy('still_seen_months', province())::INTEGER)
      AND coalesce(newest_of_all > until, true)
    UNION ALL
    SELECT scheme, household_id, member_id, month, rank, zh, en, amount, 0::DECIMAL(18, 2), coalesce(flexible, false), evidence
    FROM running JOIN looked_at ON (started_on IS NULL OR started_on <= month)
    WHERE due(ended_on)
)
SELECT scheme, household_id, member_id, month, rank, zh, en, sum(amount) AS amount, sum(taken_off) AS taken_off,
       rank <= 3 AS seen_paid, flexible, list(evidence) AS evidence
FROM told
SEMI JOIN dibao_member USING (scheme, household_id, member_id)
ANTI JOIN deceased USING (scheme, household_id, member_id)
WHERE amount > 0
GROUP BY scheme, household_id, member_id, month, rank, zh, en, flexible
