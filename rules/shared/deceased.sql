/*
id: deceased
says:
  zh: >-
    名册上已去世的成员,及其最早的去世日期(死亡注销或火化);日期不详的,以注销或火化之日为准,都不详的为空。所写日期晚于当晚的,与其自身矛盾:
    人已登记死亡,何日去世不详。
  en: >-
    Members on the rosters who have died, and the earliest day told of it by a cancellation or a cremation; for want of the day of
    death that of the cancellation or cremation, and NULL where neither is known. A record whose day is after the night contradicts
    itself: the person is recorded as dead, and of the day nothing is known.
reads: [death_cancellation, cremation]
*/
SELECT scheme, household_id, member_id, min(CASE WHEN died_on <= as_of() THEN died_on END) AS died_on
FROM (SELECT scheme, household_id, member_id, coalesce(death_date, cancelled_on) AS died_on FROM linked_death_cancellation
      UNION ALL
      SELECT scheme, household_id, member_id, coalesce(death_date, cremated_on) FROM linked_cremation)
GROUP BY scheme, household_id, member_id
