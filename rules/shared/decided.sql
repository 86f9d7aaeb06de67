/*
id: decided
says:
  zh: 每户最近一次有人作出决定的日期:纳入保障之日与最近核查之日中较晚者。此前的事,作决定的人已经看到,不作为存疑的依据。
  en: >-
    For each household the day on which people last decided about it: the later of its admission and its last assessment. What
    lay before was before those who decided, and is not held against the household.
*/
SELECT scheme, household_id, max(greatest(started_on, assessed_on)) AS decided_on
FROM dibao_member
GROUP BY scheme, household_id
