/*
id: alive_on_register
says:
  zh: 户籍上状态正常、且在所称死亡之后有过变动登记的人(死亡注销可能已撤销)。
  en: People whose entry on the household register is in force and was changed after the death (whose cancellation may have been undone).
reads: [household_register]
*/
SELECT scheme, household_id, member_id, NULL AS about, registered_on AS since,
       '户籍 ' || registered_on || CASE WHEN status IS NULL THEN ' 登记,状态不详' ELSE ' 登记状态正常' END AS zh,
       'the household register has the person ' || CASE WHEN status IS NULL THEN 'changed on ' ELSE 'in force since ' END
       || registered_on AS en, evidence
FROM linked_household_register
WHERE coalesce(status, 'normal') = 'normal' AND registered_on IS NOT NULL
