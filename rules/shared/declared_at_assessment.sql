/*
id: declared_at_assessment
says:
  zh: 最近核查时已申报就业或收入的人:作出决定的人已经知道。
  en: People who declared work or income at the last assessment, so that those who decided knew.
*/
SELECT scheme, household_id, member_id, NULL AS about, assessed_on AS since,
       '核查时' || coalesce('(' || assessed_on || ')', '') || '已申报' || CASE WHEN declared_income > 0 THEN '月收入 ' || declared_income || ' 元' ELSE '就业' END AS zh,
       'at the assessment' || coalesce(' (' || assessed_on || ')', '') || ' declared '
       || CASE WHEN declared_income > 0 THEN declared_income || ' yuan a month' ELSE 'work' END AS en, evidence
FROM dibao_member
WHERE declared_income > 0 OR declared_employment IN ('employed', 'flexible')
