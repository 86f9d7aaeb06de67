/*
id: job_pay
says:
  zh: >-
    某成员某月工作所得:各部门说的是同一份工作,只取最好的一个证据;明显只是零头的申报(不到缴费基数的一定比例)不能代替整份工作。
    同列应扣减的个人所得税和个人缴费;seen_paid 为真的是实发的工资;flexible 为真的是灵活就业登记。
  en: >-
    What a member's work brought in a month: what the departments tell is one job, and its best evidence counts alone. What is
    declared of a mere fraction of the insured wage does not stand for that job. With the income tax and own contributions to take off;
    seen_paid where a wage was seen paid, flexible where it is registered as flexible work.
parameters: [plausible_wage_percent]
*/
WITH compared AS (
    SELECT *, max(amount) OVER (PARTITION BY scheme, household_id, member_id, month) AS most,
           sum(taken_off) OVER (PARTITION BY scheme, household_id, member_id, month) AS net_of
    FROM wage_told
)
SELECT scheme, household_id, member_id, month, zh, en, amount, least(net_of, amount) AS net_of, seen_paid, flexible, evidence
FROM compared
WHERE amount >= most * policy('plausible_wage_percent', province()) / 100
QUALIFY row_number() OVER (PARTITION BY scheme, household_id, member_id, month ORDER BY rank) = 1
