/*
id: deceased
says:
  zh: 名册上已去世的成员,及其最早的去世日期(死亡注销或火化)。
  en: Members on the rosters who have died, and the earliest day told of it by a cancellation or a cremation.
reads: [death_cancellation, cremation]
*/
SELECT scheme, household_id, member_id, min(died_on) AS died_on
FROM (SELECT scheme, household_id, member_id, death_date AS died_on FROM linked_death_cancellation
      UNION ALL
      SELECT scheme, household_id, member_id, coalesce(death_date, cremated_on) FROM linked_cremation)
WHERE died_on <= as_of()
GROUP BY scheme, household_id, member_id
