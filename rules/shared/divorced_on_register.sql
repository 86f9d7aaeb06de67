/*
id: divorced_on_register
says:
  zh: 户籍婚姻状况为离婚(法院判决的离婚不进婚姻登记)。
  en: Members whom the household register has as divorced; a court's divorce never reaches the marriage register.
reads: [household_register]
*/
SELECT scheme, household_id, member_id, NULL AS about, registered_on AS since,
       '户籍婚姻状况为离婚' || coalesce('(' || registered_on || ')', '') AS zh,
       'divorced by the household register' || coalesce(' (' || registered_on || ')', '') AS en, evidence
FROM linked_household_register
WHERE marital_status = 'divorced'
