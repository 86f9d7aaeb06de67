/*
id: household_income
says:
  zh: 家庭某月的核算收入:当月各项收入减扣减,除以人口,与当月月末执行的当地标准比较(城市按月,农村按年的十二分之一);只列超过标准的月份,当月标准不明的不列。
  en: >-
    A household's income of a month: what came in that month less deductions, per head, against the standard its division had at
    the end of that month (the urban one a month, the rural one a twelfth of the year's); only months over a known standard.
parameters: [urban_standard_monthly, rural_standard_yearly]
*/
WITH household AS (
    SELECT household_id, count(*) AS heads, max(monthly_amount) AS paid, any_value(status) AS status,
           bool_or(area = 'urban') AS urban, any_value(division) AS division
    FROM counted_member
    GROUP BY household_id
), total AS (
    SELECT household_id, month, sum(amount)::DECIMAL(18, 2) AS income, bool_or(place = 1) AS earned
    FROM income_line
    GROUP BY household_id, month
), compared AS (
    SELECT *, CASE WHEN urban THEN policy_on('urban_standard_monthly', division, last_day(month))
                   ELSE round(policy_on('rural_standard_yearly', division, last_day(month)) / 12, 2)
              END::DECIMAL(18, 2) AS standard
    FROM household JOIN total USING (household_id)
), above AS (
    SELECT * FROM compared WHERE income > standard * heads
), told AS (
    -- What is told of a month is put together for those over the standard alone.
    SELECT household_id, month,
           string_agg(zh || ' ' || amount, ';' ORDER BY place, member_id, amount) AS lines_zh,
           string_agg(en || ' ' || amount, '; ' ORDER BY place, member_id, amount) AS lines_en,
           flatten(list(evidence)) AS evidence
    FROM income_line SEMI JOIN above USING (household_id, month)
    GROUP BY household_id, month
)
SELECT household_id, strftime(month, '%Y-%m') AS period, paid, status, earned, evidence,
       period || ':' || lines_zh || ';合计 ' || income || ' 元 ÷ ' || heads || ' 人 = 每人 '
       || round(income / heads, 2)::DECIMAL(18, 2) || ' 元,标准 ' || standard || ' 元' AS computed_zh,
       period || ': ' || lines_en || '; together ' || income || ' yuan for ' || heads || ' = '
       || round(income / heads, 2)::DECIMAL(18, 2) || ' a head, standard ' || standard AS computed_en
FROM above JOIN told USING (household_id, month)
