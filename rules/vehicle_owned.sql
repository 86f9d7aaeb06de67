/*
id: vehicle_owned
title: {zh: 家庭成员名下有机动车, en: A member holds a vehicle}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  motor_vehicle: tells
parameters: [exempt_vehicle_kinds, vehicle_gone_statuses]
legal_basis:
  zh: 《社会救助暂行办法》(须符合家庭财产状况规定;家庭状况查询核对,含车船管理);条款假定(assumed)
  en: Interim Measures on Social Assistance (the household meets the property rules; checking with the vehicle register); the provision is assumed
check_on_visit:
  zh: 看车:是否存在、谁在使用、何时何价购得;是否借名登记、已卖未过户、已报废未注销;是否用于残疾人出行或务工。
  en: See the vehicle; who uses it, when and for what price it was bought; registered in their name for somebody else, sold without transfer, scrapped without cancelling; needed by a disabled member or for work.
can_be_wrong:
  zh: 借名或冒名登记;已卖未过户;申报时号牌写错;核查时已申报但名册漏填。
  en: Registered in their name by another; sold and never transferred; the declared plate misspelt; declared at the assessment and left out of the roster.
*/
-- A vehicle that the household declared, and that was theirs when the last decision was made, was known to those who made it.
SELECT scheme, household_id, member_id, 'motor_vehicle:' || row_key AS record_key, NULL AS period, monthly_amount AS amount,
       CASE WHEN declared THEN 1 ELSE 2 END AS severity,
       '车辆 ' || mask_plate(plate_number) || coalesce(' 于 ' || registered_on, '') || ' 登记,'
       || CASE WHEN declared THEN '晚于最近一次核查' ELSE '家庭未申报' END AS reason_zh,
       'Vehicle ' || mask_plate(plate_number) || ' was registered' || coalesce(' on ' || registered_on, '')
       || CASE WHEN declared THEN ', after the last assessment' ELSE '; the household has not declared it' END AS reason_en,
       [evidence] AS evidence
FROM vehicle_held
WHERE NOT declared OR registered_on > decided_on
