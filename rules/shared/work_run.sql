/*
id: work_run
says:
  zh: >-
    个税申报、职工养老缴费、公积金所说的一份工作从何月起连续至今:此前没有记录,且系统所知的最早一个月早于它(否则无从知道是否新开始)。
    runs 为连续的月数;只有一个月的,还不能说明是新开始还是一笔往来。有记录缺月份、类别、金额或状态的,不知从何月起:began 和 runs 为空。
  en: >-
    Since which month tax, pension contributions or the housing fund tell of work without a break until now: none before, and the
    system knew of earlier months (else nobody knows whether it began). runs is how many months; one month alone does not show yet
    whether work began. Where a record lacks its month, kind, amount or standing, nobody knows since when: began and runs are NULL.
reads: [income_tax, pension_contribution, housing_fund]
parameters: [still_seen_months, first_month_percent]
*/
WITH told AS (
    SELECT scheme, household_id, member_id, month, evidence FROM linked_income_tax WHERE income_kind = 'wages' AND income > 0
    UNION ALL
    SELECT scheme, household_id, member_id, month, evidence FROM linked_pension_contribution
    WHERE status = 'paid' AND insurance_kind = 'employee'
    UNION ALL
    SELECT scheme, household_id, member_id, month, evidence FROM linked_housing_fund WHERE status = 'paying'
), known AS (
    -- The first month the registers tell of to any extent: single rows of years ago are back pay, and no month that is known.
    SELECT min(month) AS since
    FROM (SELECT month, sum(rows) OVER (ORDER BY month) AS so_far, sum(rows) OVER () AS in_all
          FROM (SELECT month, count(month)::DOUBLE AS rows
                FROM (SELECT month FROM income_tax UNION ALL SELECT month FROM pension_contribution
                      UNION ALL SELECT month FROM housing_fund)
                GROUP BY month))
    WHERE so_far * 100 >= in_all * policy('first_month_percent', province())
), unknown AS (
    SELECT scheme, household_id, member_id, evidence FROM linked_income_tax
    WHERE income_kind IS NULL OR (income_kind = 'wages' AND (month IS NULL OR income IS NULL))
    UNION ALL
    SELECT scheme, household_id, member_id, evidence FROM linked_pension_contribution
    WHERE status IS NULL AND coalesce(insurance_kind, 'employee') = 'employee'
    UNION ALL
    SELECT scheme, household_id, member_id, evidence FROM linked_housing_fund WHERE status IS NULL
), worked AS (
    SELECT scheme, household_id, member_id, month, list(evidence) AS evidence,
           max(month) OVER (PARTITION BY scheme, household_id, member_id) AS newest,
           datediff('month', month, max(month) OVER (PARTITION BY scheme, household_id, member_id)) AS back,
           row_number() OVER (PARTITION BY scheme, household_id, member_id ORDER BY month DESC) - 1 AS place
    FROM told WHERE month < this_month()
    GROUP BY scheme, household_id, member_id, month
)
SELECT scheme, household_id, member_id, min(month) AS began, max(month) AS newest, count(*) AS runs, flatten(list(evidence)) AS evidence
FROM worked ANTI JOIN unknown USING (scheme, household_id, member_id)
WHERE back = place
  AND newest >= this_month() - to_months(policy('still_seen_months', province())::INTEGER)
GROUP BY scheme, household_id, member_id
HAVING min(month) > (SELECT since FROM known)
UNION ALL
SELECT scheme, household_id, member_id, NULL, NULL, NULL, list(evidence) FROM unknown GROUP BY scheme, household_id, member_id
