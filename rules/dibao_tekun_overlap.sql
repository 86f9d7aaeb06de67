/*
id: dibao_tekun_overlap
title: {zh: 低保与特困重复, en: On dibao and tekun at once}
direction: doubt
severity: 3
reads:
  dibao_roster: tells
  tekun_roster: tells
legal_basis:
  zh: 《社会救助暂行办法》(特困供养);贵州省规定:不得同时享受低保和特困供养;条款假定(assumed)
  en: Interim Measures on Social Assistance (extreme poverty); nobody has both at once; the provision is assumed
check_on_visit:
  zh: 核实两份待遇是否都在发放,确定应保留哪一项;办理转换手续。
  en: Find out whether both are paid and which one is due; have the change made.
can_be_wrong:
  zh: 正在转换、一方名册未更新;同号差错。
  en: A transfer under way with one roster not updated; a shared number.
*/
-- Somebody who came to either scheme this month, or leaves one in it, is in transfer; what has
-- ended is no second benefit, and whether a gradual exit is paid past its end is exit_buffer_expired's matter.
SELECT 'dibao' AS scheme, place.household_id, place.member_id, 'tekun_roster:' || other.household_id AS record_key, NULL AS period,
       member.monthly_amount AS amount,
       mask_name(member.name) || ' 同时列在低保和特困名册,特困自 ' || tekun.started_on || ' 起' AS reason_zh,
       mask_name(member.name) || ' is on the dibao and the tekun roster, on the latter since ' || tekun.started_on AS reason_en,
       [place.evidence, other.evidence] AS evidence
FROM membership AS place
JOIN membership AS other USING (person_id)
JOIN paid_member AS member ON member.member_id = place.member_id AND member.household_id = place.household_id
JOIN tekun_roster AS tekun ON tekun.person_no = other.member_id
WHERE place.scheme = 'dibao'
  AND other.scheme = 'tekun'
  AND member.recipient = 'yes'
  AND tekun.status = 'active'
  AND goes_on(tekun.ended_on)
  AND (member.status = 'active' OR goes_on(member.exit_ends_on))
  AND tekun.started_on IS NOT NULL AND NOT in_this_month(tekun.started_on)
  AND member.started_on IS NOT NULL AND NOT in_this_month(member.started_on)
