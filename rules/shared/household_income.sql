/*
id: household_income
says:
  zh: >-
    家庭在核算期内的收入:核算期内已知的各项收入减扣减(写明已知几个月),除以人口,与同一时期同一地方的标准比较。已知部分已超过
    整个核算期标准的,为 over;已知部分从不按未知月份推算。另列固定收入一个月的数(取已知各月中最少的,补发不算),及按此数在规定月数内是否就会超过整个核算期的标准而未见申报(standing_over)。
  en: >-
    A household's income over its accounting period: all that is known of the period, less deductions, with how many months are known,
    a head, against the standard of the same period and place. It is over where what is known exceeds the standard of the whole
    period; what is known is never stretched over months that are not. Beside it, what stands every month (the least
    of the months known, so that back pay does not stand), and whether that alone
    passes the whole period's standard within so many months (standing_over).
parameters: [standing_income_months, undeclared_tolerance_percent, undeclared_tolerance_monthly]
*/
WITH held AS (
    SELECT * FROM income_line WHERE held
), standing_month AS (
    -- What ran before the last decision, those who decided saw.
    SELECT household_id, member_id, month, sum(amount) AS amount
    FROM held
    ANTI JOIN (SELECT household_id, member_id FROM income_line WHERE standing AND NOT held) USING (household_id, member_id)
    WHERE standing
    GROUP BY household_id, member_id, month
), standing AS (
    -- Of each member the least of the months in which standing income is known: back pay does not stand.
    SELECT household_id, sum(monthly) AS monthly
    FROM (SELECT household_id, member_id, min(amount) AS monthly FROM standing_month GROUP BY household_id, member_id)
    GROUP BY household_id
), total AS (
    SELECT household_id, sum(amount)::DECIMAL(18, 2) AS income, coalesce(sum(amount) FILTER (WHERE place > 12), 0) AS spent
    FROM held
    GROUP BY household_id
), compared AS (
    SELECT period.*, total.income, coalesce(standing.monthly, 0)::DECIMAL(18, 2) AS monthly,
           total.income > period.standard * period.heads AS over,
           standing.monthly * policy('standing_income_months', province()) + total.spent > period.standard * period.heads
           AND standing.monthly > coalesce(declared, 0) * (1 + policy('undeclared_tolerance_percent', division) / 100)
                                  + policy('undeclared_tolerance_monthly', division) AS standing_over
    FROM accounting_period AS period
    JOIN total USING (household_id)
    LEFT JOIN standing USING (household_id)
), above AS (
    SELECT * FROM compared WHERE over OR standing_over
), told AS (
    -- One line a member and kind, with the months in which it is known.
    SELECT line.household_id, line.member_id, line.place, line.zh, line.en, sum(line.amount) AS amount,
           count(DISTINCT line.month) AS months, min(line.month) AS first_month, max(line.month) AS last_month,
           flatten(list(line.evidence)) AS evidence
    FROM held AS line SEMI JOIN above USING (household_id)
    GROUP BY line.household_id, line.member_id, line.place, line.zh, line.en
), written AS (
    SELECT told.household_id,
           string_agg(mask_name(member.name) || ' ' || told.zh || '(' || told.months || ' 个月,'
                      || CASE WHEN told.months = 1 THEN '' ELSE strftime(first_month, '%Y-%m') || ' 至 ' END
                      || strftime(last_month, '%Y-%m') || ') ' || told.amount, ';' ORDER BY told.place, told.member_id, told.zh) AS lines_zh,
           string_agg(mask_name(member.name) || ' ' || told.en || ' (' || told.months || ' months, '
                      || CASE WHEN told.months = 1 THEN '' ELSE strftime(first_month, '%Y-%m') || ' to ' END
                      || strftime(last_month, '%Y-%m') || ') ' || told.amount, '; ' ORDER BY told.place, told.member_id, told.en) AS lines_en,
           flatten(list(told.evidence)) AS evidence
    FROM told
    JOIN counted_member AS member USING (household_id, member_id)
    GROUP BY told.household_id
)
SELECT household_id, paid, status, heads, income, monthly, standard, declared, over, standing_over, counted,
       list_distinct(written.evidence) AS evidence,
       strftime(begins, '%Y-%m') || ' 至 ' || strftime(ends, '%Y-%m') || ' 共 ' || months || ' 个月:' || lines_zh
       || ';合计 ' || income || ' 元 ÷ ' || heads || ' 人 = 每人 ' || round(income / heads, 2)::DECIMAL(18, 2)
       || ' 元,标准 ' || standard || ' 元' || CASE WHEN singled THEN '(单人保按标准的一倍半)' ELSE '' END
       || ';人口:' || heads_zh AS computed_zh,
       strftime(begins, '%Y-%m') || ' to ' || strftime(ends, '%Y-%m') || ', ' || months || ' months: ' || lines_en
       || '; together ' || income || ' yuan for ' || heads || ' = ' || round(income / heads, 2)::DECIMAL(18, 2)
       || ' a head, standard ' || standard || CASE WHEN singled THEN ' (the band of single-person protection)' ELSE '' END
       || '; heads: ' || heads_en AS computed_en
FROM above JOIN written USING (household_id)
