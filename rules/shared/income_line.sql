/*
id: income_line
says:
  zh: >-
    家庭收入核算的逐行依据:某成员某月的一项收入(正数)或扣减(负数)。held 为真的才可据以怀疑:低保审批或最近一次核查以前的收入,
    作决定的人当时已经看到,不再追究;扣减则核算期内的都算。standing 为真的是按月会再有的固定收入(工资、养老待遇)。
    转让财产只是换了形态,不是收入;一次性的财产所得因此不计,逐月收取的才计。一年一发的补贴,每月按一年的十二分之一,
    审批或核查以后发放的全年都算。个人所得税和个人缴费应扣减。
  en: >-
    The lines of a household's income: one income (positive) or deduction (negative) of a member in a month. Only what is held may be
    doubted: what came in before the household was admitted or last assessed was before those who decided; deductions count
    throughout the period. Standing income comes again every month (wages, pensions). A sale changes the form of property and is
    no income, so that income from property counts only where it comes again and again. Of a subsidy paid once a year each month
    has a twelfth, and all of it is held that was paid since the decision. Income tax and own contributions are taken off.
reads:
  - income_tax
  - pension_contribution
  - pension_benefit
  - unemployment_benefit
  - subsidy_payment
  - medical_expense
parameters:
  - business_net_percent
  - counted_pensions
  - counted_subsidies
  - yearly_subsidies
  - still_seen_months
  - trade_idle_months
  - recurring_months
  - work_cost_deduction_monthly
  - disability_cost_deduction_monthly
  - severe_disability_levels
  - costly_school_stages
*/
WITH seen AS (
    SELECT member.scheme, member.household_id, member.member_id, member.division, member.counts_as,
           period.begins, period.ends, decided.decided_on
    FROM counted_member AS member
    JOIN accounting_period AS period USING (household_id)
    JOIN decided USING (scheme, household_id)
), living AS (
    -- Grown brothers and sisters owe each other no support: who is not paid for lives there, and earns for themselves.
    SELECT * FROM seen ANTI JOIN deceased USING (scheme, household_id, member_id)
    WHERE counts_as <> 'grown_sibling'
), month_of AS (
    SELECT scheme, household_id, member_id, month::DATE AS month
    FROM (SELECT scheme, household_id, member_id, unnest(generate_series(begins, ends, INTERVAL 1 MONTH)) AS month FROM living)
), taxed AS (
    SELECT *, max(month) OVER (PARTITION BY scheme, household_id, member_id, income_kind) AS newest,
           count(DISTINCT month) OVER (PARTITION BY scheme, household_id, member_id, income_kind) AS times
    FROM linked_income_tax
), assessed AS (
    SELECT scheme, household_id, member_id, month, CASE income_kind WHEN 'labour' THEN 2 WHEN 'business' THEN 3 ELSE 4 END AS place,
           sum(income) AS amount, sum(coalesce(tax, 0)) AS tax, list(evidence) AS evidence
    FROM taxed
    WHERE (income_kind = 'labour' AND newest >= this_month() - to_months(policy('still_seen_months', province())::INTEGER))
       OR income_kind = 'business'
       OR (income_kind = 'property' AND times >= policy('recurring_months', province()))
    GROUP BY scheme, household_id, member_id, month, income_kind
), turned_over AS (
    SELECT scheme, household_id, member_id, month, round(sum(amount) * policy('business_net_percent', any_value(division)) / 100, 2) AS amount,
           flatten(list(evidence)) AS evidence
    FROM (SELECT *, max(month) OVER (PARTITION BY uscc) AS newest FROM traded_month)
    JOIN living USING (scheme, household_id, member_id)
    ANTI JOIN (SELECT * FROM assessed WHERE place = 3) USING (scheme, household_id, member_id)
    WHERE newest >= this_month() - to_months(policy('trade_idle_months', division)::INTEGER)
    GROUP BY scheme, household_id, member_id, month
), own_work AS (
    -- What somebody earns by fees or trade is often the very work that a registration or a contribution tells of: it counts beyond that.
    SELECT scheme, household_id, member_id, month, place, own.zh, own.en,
           greatest(own.amount - CASE WHEN (place = 2 AND NOT job.seen_paid) OR job.flexible THEN job.amount ELSE 0 END, 0) AS amount, own.evidence
    FROM (SELECT scheme, household_id, member_id, month, place, amount, evidence,
                 CASE place WHEN 2 THEN '劳务报酬' ELSE '个税申报经营所得' END AS zh,
                 CASE place WHEN 2 THEN 'fees for services' ELSE 'business profit declared for tax' END AS en
          FROM assessed WHERE place IN (2, 3)
          UNION ALL
          SELECT scheme, household_id, member_id, month, 3, amount, evidence, '经营净收入(按营业额估算)', 'net business income, estimated from turnover'
          FROM turned_over) AS own
    LEFT JOIN job_pay AS job USING (scheme, household_id, member_id, month)
), pension AS (
    SELECT *, max(month) OVER (PARTITION BY scheme, household_id, member_id, benefit_kind) AS newest
    FROM linked_pension_benefit WHERE status IS DISTINCT FROM 'suspended'
), dole AS (
    SELECT *, max(month) OVER (PARTITION BY scheme, household_id, member_id) AS newest
    FROM linked_unemployment_benefit WHERE due(ended_on)
), subsidy AS (
    SELECT scheme, household_id, member_id, paid.month, paid.amount, paid.evidence, decided_on,
           paid.programme IN policy('yearly_subsidies', living.division) AS once_a_year
    FROM linked_subsidy_payment AS paid JOIN living USING (scheme, household_id, member_id)
    WHERE paid.programme IN policy('counted_subsidies', living.division)
), yearly AS (
    SELECT scheme, household_id, member_id, sum(amount) AS amount, list(evidence) AS evidence
    FROM subsidy
    WHERE once_a_year AND month >= this_month() - to_months(12) AND month < this_month() AND month >= decided_on
    GROUP BY scheme, household_id, member_id
), income AS (
    SELECT scheme, household_id, member_id, month, 1 AS place, true AS standing, zh, en, amount, evidence FROM job_pay
    UNION ALL
    SELECT scheme, household_id, member_id, month, place, false, zh, en, amount, evidence FROM own_work WHERE amount > 0
    UNION ALL
    SELECT scheme, household_id, member_id, month, 4, false, '财产收入', 'income from property', amount, evidence
    FROM assessed WHERE place = 4
    UNION ALL
    SELECT scheme, household_id, member_id, month, 5, true, '养老待遇', 'pension', sum(amount), list(evidence)
    FROM pension JOIN living USING (scheme, household_id, member_id)
    WHERE benefit_kind IN policy('counted_pensions', living.division)
      AND newest >= this_month() - to_months(policy('still_seen_months', living.division)::INTEGER)
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, month, 6, false, '失业保险金', 'unemployment benefit', sum(amount), list(evidence)
    FROM dole WHERE newest >= this_month() - to_months(policy('still_seen_months', province())::INTEGER)
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, month, 7, false, '惠农补贴', 'subsidies', sum(amount), list(evidence)
    FROM subsidy WHERE NOT once_a_year
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, month, 8, false, '一年一发的惠农补贴(每月为一年的十二分之一)', 'subsidies of the year (a twelfth a month)',
           round(amount / 12, 2), evidence
    FROM yearly JOIN month_of USING (scheme, household_id, member_id)
), worked AS (
    -- The cost of work and what is taken off pay belong to the month and to the kind of work.
    SELECT scheme, household_id, member_id, month, standing, sum(amount) AS amount
    FROM income WHERE place IN (1, 2)
    GROUP BY scheme, household_id, member_id, month, standing
    QUALIFY row_number() OVER (PARTITION BY scheme, household_id, member_id, month ORDER BY standing DESC) = 1
), schooling AS (
    SELECT scheme, household_id, member_id, max(enrolment.tuition) AS tuition, list(enrolment.evidence) AS evidence
    FROM possible_enrolment AS enrolment JOIN living USING (scheme, household_id, member_id)
    WHERE enrolment.tuition > 0 AND coalesce(enrolment.stage IN policy('costly_school_stages', living.division), true)
    GROUP BY scheme, household_id, member_id
), disabled AS (
    SELECT scheme, household_id, member_id, list(certificate.evidence) AS evidence
    FROM possible_certificate AS certificate JOIN living USING (scheme, household_id, member_id)
    WHERE coalesce(certificate.level IN policy('severe_disability_levels', living.division), true)
    GROUP BY scheme, household_id, member_id
), deduction AS (
    SELECT scheme, household_id, member_id, month, 11 AS place, standing, '扣减务工成本' AS zh, 'less cost of work' AS en,
           -least(worked.amount, policy_on('work_cost_deduction_monthly', living.division, last_day(month))) AS amount,
           NULL AS evidence
    FROM worked JOIN living USING (scheme, household_id, member_id)
    UNION ALL
    SELECT scheme, household_id, member_id, month, 12, true, '扣减个人所得税和个人缴费', 'less income tax and own contributions', -net_of, NULL
    FROM job_pay WHERE net_of > 0
    UNION ALL
    SELECT scheme, household_id, member_id, month, 12, false, '扣减个人所得税', 'less income tax', -least(tax, amount), NULL
    FROM assessed WHERE tax > 0
    UNION ALL
    SELECT scheme, household_id, member_id, month, 12, false, '扣减灵活就业人员个人缴费', 'less contributions paid by oneself', -sum(personal_amount), list(evidence)
    FROM linked_pension_contribution
    WHERE status = 'paid' AND insurance_kind = 'flexible' AND personal_amount > 0
    GROUP BY scheme, household_id, member_id, month
    UNION ALL
    SELECT scheme, household_id, member_id, date_trunc('month', settled_on)::DATE, 13, false, '扣减自付医疗费', 'less own medical costs',
           -sum(out_of_pocket), list(evidence)
    FROM linked_medical_expense WHERE out_of_pocket > 0
    GROUP BY scheme, household_id, member_id, date_trunc('month', settled_on)::DATE
    UNION ALL
    SELECT scheme, household_id, member_id, month, 14, false, '扣减非义务教育学费(每月为一年的十二分之一)', 'less school fees (a twelfth of the year''s a month)',
           -round(tuition / 12, 2), evidence
    FROM schooling JOIN month_of USING (scheme, household_id, member_id)
    UNION ALL
    SELECT scheme, household_id, member_id, month, 15, false, '扣减残疾支出', 'less cost of disability',
           -policy_on('disability_cost_deduction_monthly', living.division, last_day(month)), disabled.evidence
    FROM disabled JOIN living USING (scheme, household_id, member_id) JOIN month_of USING (scheme, household_id, member_id)
)
SELECT line.household_id, line.member_id, line.month, line.place, line.standing, line.zh, line.en,
       line.amount::DECIMAL(18, 2) AS amount, place IN (8, 13, 14, 15) OR month >= decided_on AS held,
       list_filter(line.evidence, lambda one: one IS NOT NULL) AS evidence
FROM (SELECT * FROM income UNION ALL SELECT * FROM deduction) AS line
JOIN seen USING (scheme, household_id, member_id)
WHERE line.month BETWEEN seen.begins AND seen.ends
  AND (line.place > 12 OR (line.scheme, line.household_id, line.member_id) IN (SELECT (scheme, household_id, member_id) FROM living))
