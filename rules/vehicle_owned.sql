/*
id: vehicle_owned
title: {zh: 家庭成员名下有机动车, en: A member holds a vehicle}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  motor_vehicle: tells
parameters: [exempt_vehicle_kinds]
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
-- A vehicle registered no later than an assessment at which the household declared it was known to those who decided.
WITH declared AS (
    SELECT household_no, assessed_on,
           unnest(regexp_split_to_array(regexp_replace(upper(declared_vehicle), '[\s··•]', '', 'g'), '[;;,,、]')) AS plate
    FROM dibao_roster
)
SELECT vehicle.scheme, vehicle.household_id, vehicle.member_id, 'motor_vehicle:' || vehicle.row_key AS record_key,
       NULL AS period, member.monthly_amount AS amount,
       '车辆 ' || mask_plate(vehicle.plate_number) || ' 于 ' || vehicle.registered_on || ' 登记,'
       || CASE WHEN told.plate IS NULL THEN '家庭未申报' ELSE '晚于最近一次核查' END AS reason_zh,
       'Vehicle ' || mask_plate(vehicle.plate_number) || ' was registered on ' || vehicle.registered_on
       || CASE WHEN told.plate IS NULL THEN '; the household has not declared it'
               ELSE ', after the last assessment' END AS reason_en,
       [vehicle.evidence] AS evidence
FROM linked_motor_vehicle AS vehicle
JOIN dibao_roster AS member ON member.household_no = vehicle.household_id AND member.member_no = vehicle.member_id
LEFT JOIN (SELECT household_no, plate, max(assessed_on) AS assessed_on FROM declared GROUP BY ALL) AS told
  ON told.household_no = vehicle.household_id
 AND told.plate = regexp_replace(upper(vehicle.plate_number), '[\s··•]', '', 'g')
WHERE vehicle.scheme = 'dibao'
  AND member.status IN ('active', 'exiting')
  AND vehicle.status IN ('A', 'G')
  AND vehicle.vehicle_kind NOT IN policy('exempt_vehicle_kinds', member.division)
  AND (told.plate IS NULL OR vehicle.registered_on > told.assessed_on)
