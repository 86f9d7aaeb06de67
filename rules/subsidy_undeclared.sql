/*
id: subsidy_undeclared
title: {zh: 计入收入的补贴未申报, en: Subsidy that counts not declared}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  subsidy_payment: tells
parameters: [counted_subsidies, undeclared_tolerance_monthly, undeclared_tolerance_percent]
legal_basis:
  - to: 2021-06-30
    zh: 《社会救助暂行办法》;《最低生活保障审核审批办法(试行)》(2012)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Trial measures of 2012 on household income; the provision is assumed
  - from: 2021-07-01
    zh: 《社会救助暂行办法》;《最低生活保障审核确认办法》(2021)关于家庭收入的规定;条款假定(assumed)
    en: Interim Measures on Social Assistance; Measures of 2021 on household income; the provision is assumed
check_on_visit:
  zh: 核对发放明细和家庭申报表;问是否已在收入核算中计入;告知如实申报的义务。
  en: Compare the payments with the household's declaration; ask whether they were counted; explain the duty to declare.
can_be_wrong:
  zh: 他人代领;名册申报栏未更新;名册只有申报总收入、不分来源,申报的其他收入可能掩盖此项,也可能此项已并入总数。
  en: Drawn by another; a declaration not yet entered; the roster has one declared income, not by source, so that other income declared may hide this one, or include it in part.
*/
-- A year's subsidies, a twelfth of them a month, are compared with what was declared a month: a subsidy is paid once a year, and
-- declared by the month. What was paid before the last decision is not held against anybody.
WITH received AS (
    SELECT paid.scheme, paid.household_id, paid.member_id, any_value(member.name) AS name, any_value(member.monthly_amount) AS amount,
           round(sum(paid.amount) / 12, 2)::DECIMAL(18, 2) AS monthly, count(DISTINCT paid.month) AS months,
           min(paid.month) AS first_month, max(paid.month) AS last_month, list(paid.evidence) AS evidence
    FROM linked_subsidy_payment AS paid
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    JOIN decided USING (scheme, household_id)
    WHERE paid.programme IN policy('counted_subsidies', member.division)
      AND paid.month >= decided_on
      AND paid.month < this_month()
      AND paid.month >= this_month() - to_months(12)
    GROUP BY paid.scheme, paid.household_id, paid.member_id
)
SELECT 'dibao' AS scheme, household_id, member_id, 'subsidy_payment' AS record_key, NULL AS period, amount,
       mask_name(name) || ' 领取计入收入的补贴,平均每月 ' || monthly || ' 元(已知 ' || months || ' 个月,' || strftime(first_month, '%Y-%m') || ' 至 '
       || strftime(last_month, '%Y-%m') || '),申报月收入 ' || declared || ' 元' AS reason_zh,
       mask_name(name) || ' receives subsidies that count as income of ' || monthly || ' yuan a month (' || months || ' months known, '
       || strftime(first_month, '%Y-%m') || ' to ' || strftime(last_month, '%Y-%m') || ') and declared ' || declared || ' a month' AS reason_en,
       evidence
FROM received
JOIN declared_income USING (scheme, household_id, member_id)
WHERE monthly > tolerated
