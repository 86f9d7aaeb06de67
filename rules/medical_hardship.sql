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
parameters: [medical_hardship_limit, medical_lookback_months]
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
SELECT 'registered_poor' AS scheme, household_id, member_id, 'medical_expense:hardship' AS record_key, NULL AS period, NULL AS amount,
       mask_name(any_value(person.name)) || ' 为建档立卡人口,回溯期内自付医疗费 ' || sum(bill.out_of_pocket)
       || ' 元,不在低保和特困名册' AS reason_zh,
       mask_name(any_value(person.name)) || ' is registered poor and paid ' || sum(bill.out_of_pocket)
       || ' yuan of medical costs within the look-back; on neither the dibao nor the tekun roster' AS reason_en,
       list(bill.evidence) AS evidence
FROM recent_bill AS bill
JOIN unprotected_place AS person USING (scheme, household_id, member_id)
GROUP BY household_id, member_id
HAVING sum(bill.out_of_pocket) >= policy('medical_hardship_limit', any_value(person.division))
