/*
id: relocated_double
title: {zh: 搬迁转城市低保后仍在农村名册, en: Relocated into urban dibao and still on a rural roster}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  relocation: tells
parameters: [relocation_buffer_least_months, relocation_buffer_most_months]
legal_basis:
  zh: 易地扶贫搬迁后续扶持政策(迁入地城市低保与迁出地农村低保衔接);条款假定(assumed)
  en: Follow-up policy for relocated households (urban dibao at the new place replaces rural dibao at the old); the provision is assumed
check_on_visit:
  zh: 核实家庭实际居住地和两地待遇;办理迁出地停发或转移。
  en: Find out where the household lives and what is paid at both places; have the old place's benefit moved.
can_be_wrong:
  zh: 未实际搬迁;迁出地名册尚未更新;搬迁名单与名册同名同号差错。
  en: Did not move in fact; the old roster not updated; a shared number.
*/
SELECT 'dibao' AS scheme, household_id, member_id, 'relocation:' || moved.row_key AS record_key, NULL AS period,
       member.monthly_amount AS amount,
       mask_name(member.name) || ' 已于 ' || moved.urban_dibao_on || ' 搬迁转入城市低保,缓冲期止 ' || moved.ends_on
       || ',仍列农村低保名册' AS reason_zh,
       mask_name(member.name) || ' was relocated into urban dibao on ' || moved.urban_dibao_on || ', the buffer ended on '
       || moved.ends_on || ', and is still on a rural roster' AS reason_en, [moved.evidence] AS evidence
FROM relocation_buffer AS moved
JOIN paid_member AS member USING (scheme, household_id, member_id)
ANTI JOIN double_place USING (household_id, member_id)
WHERE member.area = 'rural'
  AND NOT due(moved.ends_on)
