/*
id: vehicle_purchased
title: {zh: 近期登记机动车, en: Vehicle registered lately}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  motor_vehicle: tells
parameters: [exempt_vehicle_kinds, vehicle_gone_statuses, vehicle_lookback_months]
legal_basis:
  zh: 《社会救助暂行办法》(须符合家庭财产状况规定;家庭状况查询核对);条款假定(assumed)
  en: Interim Measures on Social Assistance (the property rules; checking of household circumstances); the provision is assumed
check_on_visit:
  zh: 看车和购车发票、转移登记;问资金来源、由谁使用;是否借名登记。
  en: See the vehicle and the invoice or transfer; ask where the money came from, who uses it, whether the name was lent.
can_be_wrong:
  zh: 借名登记;亲友赠与的旧车;核查时已申报但名册漏填。
  en: Registered in their name for another; an old vehicle given by relatives; declared and left out of the roster.
*/
-- What was registered before the last decision is no purchase since; whether it was declared is vehicle_owned's matter.
SELECT scheme, household_id, member_id, 'motor_vehicle:' || row_key AS record_key, NULL AS period, monthly_amount AS amount,
       '车辆 ' || mask_plate(plate_number) || ' 于 ' || registered_on || ' 登记到家庭成员名下,在购车回溯期内' AS reason_zh,
       'Vehicle ' || mask_plate(plate_number) || ' was registered to a member on ' || registered_on || ', within the look-back'
       AS reason_en, [evidence] AS evidence
FROM vehicle_held
WHERE registered_on > decided_on
  AND registered_on >= as_of() - to_months(policy('vehicle_lookback_months', division)::INTEGER)
