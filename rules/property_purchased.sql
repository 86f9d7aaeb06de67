/*
id: property_purchased
title: {zh: 近期购房, en: Property bought lately}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  presale_contract: tells
  real_estate_transfer: tells
parameters: [property_lookback_months, uncounted_home_natures]
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
WITH bought AS (
    SELECT scheme, household_id, member_id, 'presale_contract:' || contract_no AS record_key, signed_on AS bought_on, nature,
           '签订商品房合同' AS zh, 'signed a presale contract' AS en, evidence
    FROM linked_presale_contract
    WHERE status = 'filed' AND nature IS DISTINCT FROM 'resettlement'
    UNION ALL
    SELECT scheme, household_id, member_id, 'real_estate_transfer:' || transfer_no, transferred_on, nature,
           '买受不动产', 'bought property', evidence
    FROM linked_real_estate_transfer
    WHERE role = 'buyer' AND status = 'completed' AND kind IS NOT DISTINCT FROM 'sale'
)
SELECT 'dibao' AS scheme, household_id, member_id, record_key, NULL AS period, member.monthly_amount AS amount,
       mask_name(member.name) || ' 于 ' || bought_on || ' ' || zh AS reason_zh,
       mask_name(member.name) || ' ' || en || ' on ' || bought_on AS reason_en, [bought.evidence] AS evidence
FROM bought
JOIN paid_member AS member USING (scheme, household_id, member_id)
WHERE bought_on >= as_of() - to_months(policy('property_lookback_months', member.division)::INTEGER)
  AND coalesce(nature, '') NOT IN policy('uncounted_home_natures', member.division)
