/*
id: property_purchased
title: {zh: 近期购房, en: Property bought lately}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  presale_contract: absence tells
  real_estate_transfer: tells
parameters: [property_lookback_months, uncounted_home_natures, non_residential_uses]
legal_basis:
  zh: 《社会救助暂行办法》(须符合家庭财产状况规定;家庭状况查询核对);条款假定(assumed)
  en: Interim Measures on Social Assistance (the property rules; checking of household circumstances); the provision is assumed
check_on_visit:
  zh: 看购房合同、付款凭证;问资金来源和用途;是否拆迁、安置、亲友代名。
  en: See contract and payments; ask where the money came from and what for; whether it is resettlement or for relatives.
can_be_wrong:
  zh: 代他人签约;拆迁安置未标明;合同已解除未注销。
  en: Signed for somebody else; resettlement not marked; a rescinded contract not cancelled.
*/
-- A contract and the registration that follows it are one purchase, made when the contract was signed; and so is one of
-- several buyers of a household. What was bought before the last decision was before those who made it. A unit that
-- passes within the household is not bought, nor does a garage count. A contract whose day or status cannot be read may be
-- the one that a registration followed.
WITH deal AS (
    SELECT scheme, household_id, member_id, 'presale_contract:' || contract_no AS record_key,
           CASE WHEN status IS NOT NULL THEN signed_on END AS bought_on, "use",
           CASE nature WHEN 'resettlement' THEN 'relocation' ELSE nature END AS nature, 1 AS place, address, area, evidence
    FROM linked_presale_contract
    WHERE coalesce(status, 'filed') = 'filed'
    UNION ALL
    SELECT scheme, household_id, member_id, 'real_estate_transfer:' || transfer_no, transferred_on, "use", nature, 2, address,
           area, evidence
    FROM linked_real_estate_transfer
    ANTI JOIN (SELECT household_id, row_key FROM linked_real_estate_transfer WHERE role = 'seller') AS sold USING (household_id, row_key)
    WHERE status = 'completed' AND kind = 'sale'
), bought AS (
    SELECT deal.*, member.name, member.division, member.monthly_amount
    FROM deal JOIN paid_member AS member USING (scheme, household_id, member_id)
    WHERE coalesce("use", 'dwelling') = 'dwelling' OR "use" IN policy('non_residential_uses', member.division)
    QUALIFY row_number() OVER (PARTITION BY household_id, record_key ORDER BY relation_to_head <> 'head', member_id) = 1
)
SELECT scheme, household_id, member_id, record_key, NULL AS period, monthly_amount AS amount,
       mask_name(name) || ' 于 ' || bought_on || ' ' || CASE place WHEN 1 THEN '签订商品房合同' ELSE '买受不动产' END AS reason_zh,
       mask_name(name) || CASE place WHEN 1 THEN ' signed a presale contract on ' ELSE ' bought property on ' END || bought_on
       AS reason_en, [evidence] AS evidence
FROM bought
JOIN decided USING (scheme, household_id)
WHERE bought_on > decided_on
  AND bought_on >= as_of() - to_months(policy('property_lookback_months', division)::INTEGER)
  AND coalesce(nature, '') NOT IN policy('uncounted_home_natures', division)
  AND NOT EXISTS (
      SELECT 1 FROM bought AS contract
      WHERE bought.place = 2 AND contract.place = 1 AND contract.household_id = bought.household_id
        AND coalesce(contract.bought_on <= bought.bought_on, true)
        AND coalesce(contract.address = bought.address OR contract.area = bought.area, true))
