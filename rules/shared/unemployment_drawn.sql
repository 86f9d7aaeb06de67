/*
id: unemployment_drawn
says:
  zh: 领取失业保险金的人,自领取的最近一个月起:未注销的就业登记与之矛盾。
  en: People who draw unemployment benefit, since its last month; a job registration that nobody ended contradicts it.
reads: [unemployment_benefit]
*/
SELECT scheme, household_id, member_id, NULL AS about, max(month) AS since,
       strftime(max(month), '%Y-%m') || ' 领取失业保险金' AS zh,
       'drew unemployment benefit in ' || strftime(max(month), '%Y-%m') AS en,
       first(evidence ORDER BY month DESC, row_key) AS evidence
FROM linked_unemployment_benefit
GROUP BY scheme, household_id, member_id
