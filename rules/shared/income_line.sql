/*
id: income_line
says:
  zh: 家庭每月收入核算的逐行依据:某成员某月的一项收入(正数)或扣减(负数)。同一成员同月的工资,只取最接近实发的一个部门。
  en: >-
    The lines of a household's income of a month: one income (positive) or deduction (negative) of a member. Of what departments
    tell of a member's wages in a month, that closest to what was paid counts alone.
reads:
  - income_tax
  - individual_business
  - business_turnover
  - pension_benefit
  - unemployment_benefit
  - subsidy_payment
  - medical_expense
parameters:
  - income_lookback_months
  - business_net_percent
  - counted_pensions
  - counted_subsidies
  - work_cost_deduction_monthly
  - disability_cost_deduction_monthly
  - severe_disability_levels
  - costly_school_stages
*/
WITH looked_at AS (
    SELECT (date_trunc('month', as_of()) - to_months(back))::DATE AS month
    FROM (SELECT unnest(range(1, policy('income_lookback_months', province())::INTEGER + 1))::INTEGER AS back)
), wage AS (
    SELECT * FROM wage_told
    QUALIFY row_number() OVER (PARTITION BY scheme, household_id, member_id, month ORDER BY rank) = 1
), income AS (
    SELECT scheme, household_id, member_id, month, 1 AS place, zh, en, amount, evidence FROM wage
    UNION ALL
    SELECT scheme, household_id, member_id, month, 2, '经营净收入', 'net business income',
           round(greatest(sum(turnover.invoiced), coalesce(sum(turnover.declared), 0))
                 * policy('business_net_percent', any_value(member.division)) / 100, 2), list(shop.evidence)
    FROM linked_individual_business AS shop
    JOIN by_month_business_turnover AS turnover USING (uscc)
    JOIN dibao_member AS member USING (scheme, household_id, member_id)
    WHERE shop.status = 'active' AND shop.kind IS DISTINCT FROM 'welfare_kiosk'
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, month, 3, '财产收入', 'income from property', sum(income), list(evidence)
    FROM linked_income_tax WHERE income_kind = 'property'
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, month, 4, '养老待遇', 'pension', sum(benefit.amount), list(benefit.evidence)
    FROM linked_pension_benefit AS benefit JOIN dibao_member AS member USING (scheme, household_id, member_id)
    WHERE benefit.status IS DISTINCT FROM 'suspended'
      AND benefit.benefit_kind IN policy('counted_pensions', member.division)
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, month, 5, '失业保险金', 'unemployment benefit', sum(amount), list(evidence)
    FROM linked_unemployment_benefit
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, month, 6, '惠农补贴', 'subsidies', sum(payment.amount), list(payment.evidence)
    FROM linked_subsidy_payment AS payment JOIN dibao_member AS member USING (scheme, household_id, member_id)
    WHERE payment.programme IN policy('counted_subsidies', member.division)
    GROUP BY scheme, household_id, member_id, month
), schooling AS (
    SELECT scheme, household_id, member_id, max(enrolment.tuition) AS tuition, list(enrolment.evidence) AS evidence
    FROM possible_enrolment AS enrolment JOIN dibao_member AS member USING (scheme, household_id, member_id)
    WHERE enrolment.tuition > 0 AND enrolment.stage IN policy('costly_school_stages', member.division)
    GROUP BY scheme, household_id, member_id
), disabled AS (
    SELECT scheme, household_id, member_id, list(certificate.evidence) AS evidence
    FROM possible_certificate AS certificate JOIN dibao_member AS member USING (scheme, household_id, member_id)
    WHERE certificate.level IN policy('severe_disability_levels', member.division)
    GROUP BY scheme, household_id, member_id
), deduction AS (
    SELECT scheme, household_id, member_id, month, 11 AS place, '扣减务工成本' AS zh, 'less cost of work' AS en,
           -least(wage.amount, policy_on('work_cost_deduction_monthly', member.division, last_day(month))) AS amount,
           NULL AS evidence
    FROM wage JOIN dibao_member AS member USING (scheme, household_id, member_id)
    UNION ALL
    SELECT scheme, household_id, member_id, date_trunc('month', settled_on)::DATE, 12, '扣减自付医疗费', 'less own medical costs', -sum(out_of_pocket), list(evidence)
    FROM linked_medical_expense WHERE out_of_pocket > 0
    GROUP BY ALL
    UNION ALL
    SELECT scheme, household_id, member_id, month, 13, '扣减非义务教育学费(一年的十二分之一)', 'less school fees (a twelfth of the year''s)',
           -round(tuition / 12, 2), evidence
    FROM schooling CROSS JOIN looked_at
    UNION ALL
    SELECT scheme, household_id, member_id, month, 14, '扣减残疾支出', 'less cost of disability',
           -policy_on('disability_cost_deduction_monthly', member.division, last_day(month)), disabled.evidence
    FROM disabled JOIN dibao_member AS member USING (scheme, household_id, member_id) CROSS JOIN looked_at
)
SELECT line.household_id, line.member_id, line.month, line.place, line.zh, line.en,
       line.amount::DECIMAL(18, 2) AS amount, list_filter(line.evidence, lambda one: one IS NOT NULL) AS evidence
FROM (SELECT * FROM income UNION ALL SELECT * FROM deduction) AS line
SEMI JOIN counted_member USING (scheme, household_id, member_id)
SEMI JOIN looked_at USING (month)
