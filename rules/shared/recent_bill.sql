/*
id: recent_bill
says:
  zh: 名册上的人在医疗支出回溯期内的结算单(期满所在的整月仍在期内)。
  en: The medical bills of people on the registers, within the look-back of medical expenses; the whole month in which it ends counts.
reads: [medical_expense]
parameters: [medical_lookback_months]
*/
SELECT place.scheme, place.household_id, place.member_id, bill.out_of_pocket, bill.serious_illness, bill.evidence
FROM linked_medical_expense AS bill
JOIN membership AS place USING (scheme, household_id, member_id)
WHERE due((bill.settled_on + to_months(policy('medical_lookback_months', place.division)::INTEGER))::DATE)
