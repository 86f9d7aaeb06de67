/*
id: alive_on_register
says:
  zh: 户籍上状态正常、且在所称死亡之后有过变动登记的人(死亡注销可能已撤销)。
  en: People whose entry on the household register is in force and was changed after the death (whose cancellation may have been undone).
reads: [household_register]
*/
SELECT scheme, household_id, member_id, NULL AS about, registered_on AS since,
       '户籍 ' || registered_on || ' 登记状态正常' AS zh,
       'the household register has the person in force since ' || registered_on AS en, evidence
FROM linked_household_register
WHERE status = 'normal' AND registered_on IS NOT NULL
