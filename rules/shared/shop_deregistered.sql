/*
id: shop_deregistered
says:
  zh: 已注销的个体工商户。
  en: Individual businesses that are deregistered.
reads: [individual_business]
*/
SELECT scheme, household_id, member_id, uscc AS about, status_date AS since,
       coalesce(business_name, uscc) || ' 已注销' || coalesce('(' || status_date || ')', '') AS zh,
       coalesce(business_name, uscc) || ' is deregistered' || coalesce(' (' || status_date || ')', '') AS en, evidence
FROM linked_individual_business
WHERE status = 'deregistered'
