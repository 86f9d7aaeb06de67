/*
id: accounting_period
says:
  zh: >-
    每户的收入核算期(农村十二个月、城市三个月,均为整月,至上月止)、人口,以及同一时期同一地方每人的标准:逐月按当月月末执行的标准相加;
    搬迁进城安置的,取安置地城市标准中较高者;单人保所在家庭按其一倍半。
  en: >-
    Each household's accounting period of whole months up to last month, its heads, and the standard a head of the same period and
    place: month by month that in force at the month's end, added up; for who was resettled in town, that of the settlement where it
    is higher; for the family of somebody protected alone, the band of that protection.
reads: [relocation]
parameters:
  - urban_period_months
  - rural_period_months
  - urban_standard_monthly
  - rural_standard_yearly
  - single_person_income_percent
*/
WITH settled AS (
    SELECT scheme, household_id, max(to_division) AS settled_in
    FROM linked_relocation
    WHERE moved_in_on <= as_of()
    GROUP BY scheme, household_id
), household AS (
    SELECT member.household_id, count(*) AS heads, max(monthly_amount) AS paid, any_value(status) AS status,
           bool_or(area = 'urban') AS urban, any_value(division) AS division, any_value(settled_in) AS settled_in,
           bool_or(single_person = 'yes' AND recipient = 'yes') AS singled, sum(declared_income) AS declared,
           string_agg(counts_zh, '、' ORDER BY counts_as <> 'head', counts_as <> 'spouse', counts_as, member_id) AS heads_zh,
           string_agg(counts_en, ', ' ORDER BY counts_as <> 'head', counts_as <> 'spouse', counts_as, member_id) AS heads_en,
           list({'member_id': member_id, 'counts': true, 'zh': counts_zh, 'en': counts_en} ORDER BY member_id) AS counted
    FROM counted_member AS member
    LEFT JOIN settled USING (scheme, household_id)
    GROUP BY member.household_id
    -- Of whom it is not known which standard is theirs, or whether they are protected alone, nothing can be compared.
    HAVING bool_and(area IS NOT NULL AND recipient IS NOT NULL AND single_person IS NOT NULL)
), place AS (
    SELECT DISTINCT urban, division, settled_in,
           (CASE WHEN urban THEN policy('urban_period_months', division) ELSE policy('rural_period_months', division) END)::INTEGER
           AS months
    FROM household
), of_month AS (
    SELECT urban, division, settled_in, months, month,
           greatest(CASE WHEN urban THEN policy_on('urban_standard_monthly', division, last_day(month)) * 12
                         ELSE policy_on('rural_standard_yearly', division, last_day(month)) END,
                    policy_on('urban_standard_monthly', settled_in, last_day(month)) * 12) AS yearly
    FROM (SELECT *, (this_month() - to_months(back::INTEGER))::DATE AS month
          FROM (SELECT *, unnest(range(1, months + 1)) AS back FROM place))
), standard AS (
    -- A standard that is not on record for an early month is taken to have been the next one on record: standards rise, so this
    -- favours the household. Without that of the last month there is nothing to compare with.
    SELECT urban, division, settled_in, months, min(month) AS begins, max(month) AS ends,
           round((sum(yearly) + (months - count(yearly)) * arg_min(yearly, month) FILTER (WHERE yearly IS NOT NULL)) / 12, 2)::DECIMAL(18, 2) AS standard
    FROM of_month
    GROUP BY urban, division, settled_in, months
    HAVING max(month) FILTER (WHERE yearly IS NOT NULL) = max(month)
)
SELECT household_id, household.division, heads, paid, status, singled, declared, heads_zh, heads_en, counted, months, begins, ends,
       CASE WHEN singled THEN round(standard * policy('single_person_income_percent', household.division) / 100, 2) ELSE standard END
       ::DECIMAL(18, 2) AS standard
FROM household
JOIN standard ON standard.urban = household.urban AND standard.division = household.division
             AND standard.settled_in IS NOT DISTINCT FROM household.settled_in
