/*
id: enterprise_controlled
title: {zh: 家庭成员控制企业, en: A member controls an enterprise}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  enterprise_representative: tells
  enterprise_shareholder: tells
  farmer_cooperative: tells
  business_turnover: may tell
parameters: [collective_code_letters, enterprise_contribution_limit, enterprise_share_limit, turnover_lookback_months]
legal_basis:
  zh: 《社会救助暂行办法》(家庭收入和财产状况;家庭状况查询核对,含工商登记、税务);条款假定(assumed)
  en: Interim Measures on Social Assistance (income and property; checking with the business register and taxation); the provision is assumed
check_on_visit:
  zh: 问明企业是否实际经营、谁在经营、出资是否实缴;是否被借名、冒名登记;看账本或纳税记录,不以登记推定收入。
  en: Ask whether the enterprise really trades, who runs it and whether the contribution was paid in; whether the name was lent or misused; see books or tax records, never infer income from registration.
can_be_wrong:
  zh: 冒名或借名登记;村集体企业由村民挂名;停业未注销;认缴未实缴。
  en: A misused or lent name; a villager who stands in for a collective enterprise; closed and not deregistered; a contribution subscribed and never paid.
*/
-- Registration is not income: without turnover since the last decision, within the look-back, the flag stays at the lowest
-- severity. A licence revoked, a business suspended or wound up is no ground unless it went on to trade. A collective is the
-- village's, not that of the villager who stands for it. Of a farmers' cooperative, a director with a stake above the limit
-- is looked at; passive members never are.
WITH control AS (
    SELECT scheme, household_id, member_id, uscc, enterprise_name, status, status_date, '法定代表人' AS role_zh,
           'legal representative' AS role_en, NULL AS contribution, NULL AS share, evidence
    FROM linked_enterprise_representative
    UNION ALL
    SELECT scheme, household_id, member_id, uscc, enterprise_name, status, status_date, '股东', 'shareholder', coalesce(contribution, 0),
           coalesce(share, 0), evidence
    FROM linked_enterprise_shareholder
    UNION ALL
    SELECT scheme, household_id, member_id, uscc, cooperative_name, status, status_date, '合作社理事', 'cooperative director',
           coalesce(contribution, 0), 0, evidence
    FROM linked_farmer_cooperative
    WHERE own_role = 'director'
), enterprises AS (
    SELECT scheme, household_id, member_id, uscc, coalesce(any_value(enterprise_name), uscc) AS enterprise, any_value(member.name) AS name,
           bool_or(control.status = 'active') AS active, max(control.status_date) AS status_date,
           any_value(member.monthly_amount) AS amount, any_value(member.division) AS division,
           string_agg(DISTINCT role_zh, '、' ORDER BY role_zh) AS role_zh,
           string_agg(DISTINCT role_en, ' and ' ORDER BY role_en) AS role_en, list(control.evidence) AS evidence
    FROM control
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE control.status <> 'deregistered'
      AND left(uscc, 1) NOT IN policy('collective_code_letters', member.division)
      AND (contribution IS NULL
           OR contribution >= policy('enterprise_contribution_limit', member.division)
           OR share >= policy('enterprise_share_limit', member.division))
    GROUP BY scheme, household_id, member_id, uscc
), traded AS (
    -- Invoiced and declared speak of the same sales: the larger of the two, month by month.
    SELECT household_id, member_id, uscc, sum(greatest(invoiced, coalesce(declared, 0))) AS turnover
    FROM enterprises JOIN by_month_business_turnover USING (uscc) JOIN decided USING (scheme, household_id)
    WHERE month >= date_trunc('month', as_of())
                   - to_months(policy('turnover_lookback_months', enterprises.division)::INTEGER)
      AND last_day(month) >= decided_on
      AND (active OR coalesce(month > status_date, true))
    GROUP BY household_id, member_id, uscc
)
SELECT scheme, household_id, member_id, 'enterprise:' || uscc AS record_key, NULL AS period, amount,
       CASE WHEN coalesce(turnover, 0) > 0 THEN 2 ELSE 1 END AS severity,
       mask_name(name) || ' 是 ' || enterprise || ' 的' || role_zh || CASE WHEN active THEN ',' ELSE ',登记已非存续,' END
       || CASE WHEN coalesce(turnover, 0) > 0 THEN '回溯期内开票或申报收入 ' || turnover || ' 元'
               WHEN delivered('business_turnover') THEN '回溯期内无开票无申报收入'
               ELSE '是否有开票或申报收入未知(数据未送达)' END AS reason_zh,
       mask_name(name) || ' is ' || role_en || ' of ' || enterprise || CASE WHEN active THEN '; ' ELSE ', which is no longer active; ' END
       || CASE WHEN coalesce(turnover, 0) > 0 THEN 'it invoiced or declared ' || turnover || ' yuan within the look-back'
               WHEN delivered('business_turnover') THEN 'no turnover within the look-back'
               ELSE 'its turnover is not known (not delivered)' END AS reason_en,
       evidence
FROM enterprises LEFT JOIN traded USING (household_id, member_id, uscc)
WHERE active OR turnover > 0
