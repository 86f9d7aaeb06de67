/*
id: household_month
says:
  zh: 新就业带来的增收:某月各项收入减扣减,每人超过当地标准一个月之数的月份。只用于应予渐退的提示,不作为疑点。
  en: >-
    A rise in income by work: the months in which what came in less deductions is a head over one month of the standard of the place. It
    tells of a gradual exit that is due, and is no ground for a doubt.
*/
WITH total AS (
    SELECT household_id, month, sum(amount)::DECIMAL(18, 2) AS income, bool_or(place IN (1, 2)) AS earned
    FROM income_line
    GROUP BY household_id, month
), above AS (
    SELECT total.*, period.heads, period.paid, period.status,
           round(period.standard / period.months, 2)::DECIMAL(18, 2) AS standard
    FROM total JOIN accounting_period AS period USING (household_id)
    WHERE total.income > round(period.standard / period.months, 2) * period.heads
), told AS (
    -- What is told of a month is put together for those over the standard alone.
    SELECT household_id, month,
           string_agg(zh || ' ' || amount, ';' ORDER BY place, member_id, amount) AS lines_zh,
           string_agg(en || ' ' || amount, '; ' ORDER BY place, member_id, amount) AS lines_en,
           flatten(list(evidence)) AS evidence
    FROM income_line SEMI JOIN above USING (household_id, month)
    GROUP BY household_id, month
)
SELECT household_id, month, strftime(month, '%Y-%m') AS period, paid, status, earned, evidence,
       period || ':' || lines_zh || ';合计 ' || income || ' 元 ÷ ' || heads || ' 人 = 每人 '
       || round(income / heads, 2)::DECIMAL(18, 2) || ' 元,标准 ' || standard || ' 元' AS computed_zh,
       period || ': ' || lines_en || '; together ' || income || ' yuan for ' || heads || ' = '
       || round(income / heads, 2)::DECIMAL(18, 2) || ' a head, standard ' || standard AS computed_en
FROM above JOIN told USING (household_id, month)
