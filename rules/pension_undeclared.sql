/*
id: pension_undeclared
title: {zh: 养老待遇未申报, en: Pension not declared}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  pension_benefit: tells
parameters: [
  counted_pensions, rural_period_months, still_seen_months, undeclared_tolerance_monthly, undeclared_tolerance_percent,
  urban_period_months]
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
-- What a month of the accounting period brought, the middle one of those known (the lesser of two), so that back pay makes no
-- difference, is compared with what was declared a month. What came in before the last decision, or is not seen of late, is not held against anybody.
-- With a month of which it is not known what it brought, the middle one is not known.
WITH received AS (
    SELECT scheme, household_id, member_id, any_value(name) AS name, any_value(amount) AS amount, list_sort(list(paid))[((count(*) + 1) // 2)::INTEGER] AS monthly,
           count(*) AS months, min(month) AS first_month, max(month) AS last_month, flatten(list(evidence)) AS evidence
    FROM (SELECT paid.scheme, paid.household_id, paid.member_id, paid.month, any_value(member.name) AS name,
                 any_value(member.monthly_amount) AS amount, 
                 CASE WHEN bool_and(paid.amount IS NOT NULL AND paid.benefit_kind IS NOT NULL) THEN sum(paid.amount) END AS paid, list(paid.evidence) AS evidence
          FROM linked_pension_benefit AS paid
          JOIN paid_member AS member USING (scheme, household_id, member_id)
          JOIN decided USING (scheme, household_id)
          WHERE paid.status IS DISTINCT FROM 'suspended'
            AND coalesce(paid.benefit_kind IN policy('counted_pensions', member.division), true)
            AND paid.month >= decided_on
            AND paid.month < this_month()
            AND paid.month >= this_month() - to_months((CASE WHEN member.area = 'urban' THEN policy('urban_period_months', member.division)
                                                             WHEN member.area = 'rural' THEN policy('rural_period_months', member.division) END)::INTEGER)
          GROUP BY paid.scheme, paid.household_id, paid.member_id, paid.month)
    GROUP BY scheme, household_id, member_id
    HAVING count(paid) = count(*) AND max(month) >= this_month() - to_months(policy('still_seen_months', province())::INTEGER)
)
SELECT 'dibao' AS scheme, household_id, member_id, 'pension_benefit' AS record_key, NULL AS period, amount,
       mask_name(name) || ' 领取养老待遇每月 ' || monthly || ' 元(已知 ' || months || ' 个月,' || strftime(first_month, '%Y-%m') || ' 至 '
       || strftime(last_month, '%Y-%m') || '),申报月收入 ' || declared || ' 元' AS reason_zh,
       mask_name(name) || ' receives a pension of ' || monthly || ' yuan a month (' || months || ' months known, '
       || strftime(first_month, '%Y-%m') || ' to ' || strftime(last_month, '%Y-%m') || ') and declared ' || declared || ' a month' AS reason_en,
       evidence
FROM received
JOIN declared_income USING (scheme, household_id, member_id)
WHERE monthly > tolerated
