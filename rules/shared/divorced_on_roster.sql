/*
id: divorced_on_roster
says:
  zh: 名册婚姻状况为离婚(最近核查时所见)。
  en: Members whom the roster has as divorced, as the last assessment saw it.
*/
SELECT scheme, household_id, member_id, NULL AS about, assessed_on AS since,
       '名册婚姻状况为离婚' || coalesce('(' || assessed_on || ' 核查)', '') AS zh,
       'divorced by the roster' || coalesce(' (assessed on ' || assessed_on || ')', '') AS en, evidence
FROM dibao_member
WHERE marital_status = 'divorced'
