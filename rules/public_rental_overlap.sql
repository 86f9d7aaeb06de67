/*
id: public_rental_overlap
title: {zh: 公租房与自有住房并存, en: Public rental beside a dwelling}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  public_rental: tells
  real_estate: tells
  real_estate_transfer: absence tells
parameters: [property_share_threshold, public_rental_home_area, uncounted_home_natures]
counts: [household]
legal_basis:
  zh: 《公共租赁住房管理办法》(在本地无住房);《社会救助暂行办法》;条款假定(assumed)
  en: Measures on Public Rental Housing (no dwelling of one's own); Interim Measures on Social Assistance; the provision is assumed
check_on_visit:
  zh: 看两处住房;问自有房是否可居住、产权是否属本人。
  en: See both homes; ask whether the dwelling can be lived in and is really theirs.
can_be_wrong:
  zh: 自有房为危房或共有;租约已解除未更新。
  en: The dwelling is unsafe or shared; a lease ended and not entered.
*/
-- Public rental is for those without a home in that place, or with one under the size rule. A place or size that is not
-- written lowers the severity. A home of somebody who is on two dibao households may belong to the other: duplicate_dibao
-- asks first.
WITH rented AS (
    SELECT household_id, left(coalesce(rental.division, member.division), 6) AS county, bool_and(rental.division IS NOT NULL) AS placed,
           string_agg(DISTINCT mask_number(contract_no), '、' ORDER BY mask_number(contract_no)) AS contracts,
           list(rental.evidence) AS tenancies
    FROM linked_public_rental AS rental JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE rental.status = 'active' AND (ended_on IS NULL OR ended_on >= as_of())
    GROUP BY household_id, county
), heads AS (
    SELECT household_id, count(*) AS heads FROM paid_member GROUP BY household_id
), held AS (
    SELECT household_id, home, left(coalesce(any_value(division), any_value(household_division)), 6) AS county,
           any_value(division) IS NOT NULL AND max(area) IS NOT NULL AS told, any_value(household_division) AS division,
           min(unit_no) AS unit_no, max(monthly_amount) AS amount, sum(share) AS share,
           max(area) * sum(share) / 100 AS own_area, flatten(list(evidence)) AS evidence
    FROM estate_held
    ANTI JOIN double_place USING (household_id, member_id)
    WHERE "use" = 'dwelling' AND NOT uncounted
    GROUP BY household_id, home
), overlap AS (
    SELECT *
    FROM rented JOIN held USING (household_id, county) JOIN heads USING (household_id)
    WHERE share >= policy('property_share_threshold', division)
)
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'public_rental:' || min(unit_no) AS record_key, NULL AS period,
       max(amount) AS amount, CASE WHEN bool_and(told AND placed) THEN 2 ELSE 1 END AS severity,
       '家庭承租公租房(合同 ' || any_value(contracts) || '),同地有住房 '
       || string_agg(mask_number(unit_no), '、' ORDER BY unit_no) || coalesce(',合计 ' || sum(own_area)::DECIMAL(18, 1) || ' 平方米', '')
       AS reason_zh,
       'The household rents public housing (contract ' || replace(any_value(contracts), '、', ', ') || ') and holds in that place '
       || string_agg(mask_number(unit_no), ', ' ORDER BY unit_no) || coalesce(', ' || sum(own_area)::DECIMAL(18, 1) || ' square metres', '')
       AS reason_en,
       list_distinct(list_concat(flatten(list(tenancies)), flatten(list(evidence)))) AS evidence
FROM overlap
GROUP BY household_id
HAVING coalesce(sum(own_area) / max(heads) > policy('public_rental_home_area', any_value(division)), true)
