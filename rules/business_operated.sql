/*
id: business_operated
title: {zh: 个体经营有营业额, en: Individual business with turnover}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  individual_business: tells
  business_turnover: tells
parameters: [turnover_lookback_months, business_month_turnover_limit]
legal_basis:
  zh: 《社会救助暂行办法》;《最低生活保障审核确认办法》(2021)关于家庭收入的规定;条款假定(assumed)
  en: Interim Measures on Social Assistance; Measures of 2021 on household income; the provision is assumed
check_on_visit:
  zh: 看店铺和账本;问由谁经营、毛利和成本;是否借照、已转让。
  en: See the shop and its books; ask who runs it, margin and costs; whether the licence was lent or sold.
can_be_wrong:
  zh: 借照经营;营业额不是净收入;代开发票;按季或按年申报而未写所属期起止的,按一个月计。
  en: >-
    The licence is used by another; turnover is not income; invoices issued for others; a quarter or a year declared in one
    row that does not say so is taken for a month.
*/
-- Registration is not income: a business is left alone while no month's turnover is over the limit. Months are never added up.
WITH traded AS (
    SELECT shop.household_id, shop.member_id, shop.uscc, any_value(shop.business_name) AS business,
           any_value(member.name) AS name, any_value(member.monthly_amount) AS amount,
           max(greatest(turnover.invoiced, coalesce(turnover.declared, 0))) AS most, list(shop.evidence) AS evidence
    FROM linked_individual_business AS shop
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    JOIN by_month_business_turnover AS turnover USING (uscc)
    WHERE shop.status = 'active'
      AND shop.kind IS DISTINCT FROM 'welfare_kiosk'
      AND turnover.month >= date_trunc('month', as_of())
                            - to_months(policy('turnover_lookback_months', member.division)::INTEGER)
      AND greatest(turnover.invoiced, coalesce(turnover.declared, 0))
          > policy('business_month_turnover_limit', member.division)
    GROUP BY shop.household_id, shop.member_id, shop.uscc
)
SELECT 'dibao' AS scheme, household_id, member_id, 'business:' || uscc AS record_key, NULL AS period, amount,
       mask_name(name) || ' 经营 ' || business || ',最高月营业额 ' || most || ' 元' AS reason_zh,
       mask_name(name) || ' runs ' || business || '; its best month turned over ' || most || ' yuan' AS reason_en, evidence
FROM traded
