/*
id: medical_hardship
title: {zh: 医疗支出困难未纳入救助, en: Medical costs and in no scheme}
direction: protect
severity: 2
reads:
  registered_poor: tells
  medical_expense: tells
  death_cancellation: absence tells
  cremation: absence tells
parameters: [adult_age, death_review_months, medical_hardship_limit, medical_lookback_months, rural_standard_yearly, single_person_income_percent]
legal_basis:
  zh: 《社会救助暂行办法》(医疗救助);支出型困难家庭救助政策;条款假定(assumed)
  en: Interim Measures on Social Assistance (medical assistance); policy on hardship by expense; the provision is assumed
check_on_visit:
  zh: 看结算单和自付金额;问借债、收入;告知可申请低保、医疗救助、临时救助并协助。
  en: See the bills and what they paid; ask about debts and income; tell them of dibao, medical and temporary assistance, and help.
can_be_wrong:
  zh: 费用后来由保险或慈善报销;已纳入保障但身份未对上。
  en: Later refunded by insurance or charity; protected already and not matched.
*/
-- Hardship by expense is the household's: the bills of all its members count, those of one who has since died too. It is told of
-- the member who can be asked and paid the most, the head first. The claim is that they lived on the day up to which deaths should
-- have been looked into by now.
WITH cost AS (
    SELECT scheme, household_id, sum(out_of_pocket) AS paid, count(DISTINCT member_id) AS patients, list(evidence) AS evidence
    FROM recent_bill
    GROUP BY scheme, household_id
), own AS (
    SELECT scheme, household_id, member_id, sum(out_of_pocket) AS own_paid
    FROM recent_bill
    GROUP BY scheme, household_id, member_id
), asked AS (
    SELECT person.*
    FROM unprotected_place AS person LEFT JOIN own USING (scheme, household_id, member_id)
    QUALIFY row_number() OVER (PARTITION BY household_id ORDER BY coalesce(own_paid, 0) DESC,
                               (relation_to_head = 'head') DESC NULLS LAST, member_id) = 1
)
SELECT scheme, household_id, member_id, 'medical_expense:hardship' AS record_key, NULL AS period, NULL AS amount,
       mask_name(asked.name) || ' 为建档立卡人口,全家(' || patients || ' 名患者)回溯期内自付医疗费 ' || paid || ' 元,不在低保和特困名册' AS reason_zh,
       mask_name(asked.name) || ' is registered poor; the household (' || patients || ' patients) paid ' || paid
       || ' yuan of medical costs within the look-back; on neither the dibao nor the tekun roster' AS reason_en,
       cost.evidence AS evidence,
       (as_of() - to_months(policy('death_review_months', asked.division)::INTEGER))::DATE AS claim_on
FROM asked JOIN cost USING (scheme, household_id)
WHERE paid >= policy('medical_hardship_limit', asked.division)
