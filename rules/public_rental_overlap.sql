/*
id: public_rental_overlap
title: {zh: 公租房与自有住房并存, en: Public rental beside a dwelling}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  public_rental: tells
  real_estate: tells
parameters: [property_share_threshold, uncounted_home_natures]
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
-- A home of somebody who is on two dibao households may belong to the other: duplicate_dibao asks first.
WITH rented AS (
    SELECT household_id, string_agg(DISTINCT mask_number(contract_no), '、' ORDER BY mask_number(contract_no)) AS contracts,
           list(evidence) AS evidence
    FROM linked_public_rental SEMI JOIN paid_member USING (scheme, household_id, member_id)
    WHERE status = 'active' AND (ended_on IS NULL OR ended_on >= as_of())
    GROUP BY household_id
), held AS (
    SELECT household_id, unit_no, any_value(member.monthly_amount) AS amount, list(estate.evidence) AS evidence
    FROM linked_real_estate AS estate
    JOIN paid_member AS member USING (scheme, household_id, member_id)
    ANTI JOIN double_place USING (household_id, member_id)
    WHERE estate.status = 'current'
      AND estate."use" = 'dwelling'
      AND estate.nature NOT IN policy('uncounted_home_natures', member.division)
    GROUP BY household_id, unit_no
    HAVING sum(coalesce(estate.share, 100)) >= policy('property_share_threshold', any_value(member.division))
)
SELECT 'dibao' AS scheme, household_id, NULL AS member_id, 'public_rental:' || min(unit_no) AS record_key, NULL AS period,
       max(held.amount) AS amount,
       '家庭承租公租房(合同 ' || any_value(contracts) || '),同时有住房 '
       || string_agg(mask_number(unit_no), '、' ORDER BY unit_no) AS reason_zh,
       'The household rents public housing (contract ' || replace(any_value(contracts), '、', ', ') || ') and holds the dwelling '
       || string_agg(mask_number(unit_no), ', ' ORDER BY unit_no) AS reason_en,
       list_distinct(list_concat(flatten(list(rented.evidence)), flatten(list(held.evidence)))) AS evidence
FROM rented JOIN held USING (household_id)
GROUP BY household_id
