/*
id: exit_entry_frequent
title: {zh: 频繁出境, en: Repeated travel abroad}
direction: doubt
severity: 1
reads:
  dibao_roster: tells
  exit_entry: tells
parameters: [travel_lookback_months, travel_limit]
legal_basis:
  zh: 《社会救助暂行办法》(人口、收入、财产变化应当告知并复核;家庭状况查询核对);条款假定(assumed)
  en: Interim Measures on Social Assistance (changes are reported and reviewed; checking of household circumstances); the provision is assumed
check_on_visit:
  zh: 问出境原因、费用由谁承担;看签证和票据;是否务工、就医、探亲。
  en: Ask why they travelled and who paid; see visas and tickets; whether it was work, treatment or family.
can_be_wrong:
  zh: 随雇主或亲属出境、费用由他人承担;边民互市;事由登记不准。
  en: Travelled with an employer or relatives who paid; border trade; the purpose wrongly recorded.
*/
-- Journeys before the last decision were before those who made it.
WITH trip AS (
    SELECT * FROM linked_exit_entry
    WHERE direction = 'out'
      AND document_kind IS DISTINCT FROM 'border_pass'
      AND coalesce(purpose, '') NOT IN ('work', 'border_trade')
)
SELECT 'dibao' AS scheme, household_id, member_id, 'exit_entry:frequent' AS record_key, NULL AS period,
       any_value(member.monthly_amount) AS amount,
       mask_name(any_value(member.name)) || ' 回溯期内出境 ' || count(*) || ' 次,最近一次 ' || max(crossing_date) AS reason_zh,
       mask_name(any_value(member.name)) || ' left the country ' || count(*) || ' times within the look-back, last on '
       || max(crossing_date) AS reason_en, list(trip.evidence) AS evidence
FROM trip
JOIN paid_member AS member USING (scheme, household_id, member_id)
JOIN decided USING (scheme, household_id)
WHERE crossing_date > decided_on
  AND crossing_date >= as_of() - to_months(policy('travel_lookback_months', member.division)::INTEGER)
GROUP BY household_id, member_id
HAVING count(*) > policy('travel_limit', any_value(member.division))
