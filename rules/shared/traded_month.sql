/*
id: traded_month
says:
  zh: >-
    个体经营者每月的营业额(开票与申报取大)。按季申报而未写所属期的(季末月有数、前两月没有),按三个月均摊。
  en: >-
    What an individual business turned over in a month, the greater of invoiced and declared. What is told in the last month of a
    quarter of whose other months nothing is told, without saying for which months, is taken for the quarter's.
reads: [individual_business, business_turnover]
*/
WITH row_of AS (
    SELECT uscc, month, greatest(invoiced, coalesce(declared, 0)) AS amount,
           month(month) % 3 = 0 AND period_begins IS NULL
           AND coalesce(lag(month) OVER (PARTITION BY uscc ORDER BY month) < month - to_months(2), true) AS of_a_quarter
    FROM by_month_business_turnover
), spread AS (
    SELECT uscc, month, amount FROM row_of WHERE NOT of_a_quarter
    UNION ALL
    SELECT uscc, (month - to_months(back))::DATE, round(amount / 3, 2)
    FROM row_of CROSS JOIN (SELECT unnest([0, 1, 2])::INTEGER AS back)
    WHERE of_a_quarter
)
SELECT shop.scheme, shop.household_id, shop.member_id, shop.uscc, any_value(shop.business_name) AS business_name, spread.month,
       sum(spread.amount) AS amount, list(shop.evidence) AS evidence
FROM linked_individual_business AS shop
JOIN spread USING (uscc)
WHERE shop.status = 'active' AND shop.kind IS DISTINCT FROM 'welfare_kiosk'
GROUP BY shop.scheme, shop.household_id, shop.member_id, shop.uscc, spread.month
