/*
id: supplement_out_of_band
title: {zh: 分类施保超出比例, en: Supplement outside its band}
direction: doubt
severity: 1
reads:
  dibao_roster: tells
parameters: [supplement_least_percent, supplement_most_percent, urban_standard_monthly, rural_standard_yearly]
legal_basis:
  zh: 《社会救助暂行办法》(对获得低保后生活仍有困难的老年人、未成年人、重度残疾人和重病患者增发);贵州省分类施保规定;条款假定(assumed)
  en: Interim Measures on Social Assistance (more for the elderly, minors, the severely disabled and the gravely ill); provincial category support; the provision is assumed
check_on_visit:
  zh: 核对审批表上的类别和金额;当地标准是否另有规定。
  en: Compare category and amount with the approval; whether the county has a standard of its own.
can_be_wrong:
  zh: 当地另定标准未登记;一人兼有两类合并填写。
  en: A local standard not entered in the policy; two categories written as one.
*/
-- A supplement is paid in whole yuan, rounded either way. A category without any payment is supplement_missing's matter.
WITH supplement AS (
    SELECT *, CASE area WHEN 'urban' THEN policy('urban_standard_monthly', division)
                     WHEN 'rural' THEN policy('rural_standard_yearly', division) / 12 END AS standard
    FROM paid_member
    WHERE recipient = 'yes' AND supplement_kind <> 'none' AND supplement_amount > 0
), bounded AS (
    SELECT *, floor(standard * policy('supplement_least_percent', division) / 100)::DECIMAL(18, 2) AS least,
           ceil(standard * policy('supplement_most_percent', division) / 100)::DECIMAL(18, 2) AS most
    FROM supplement
)
SELECT 'dibao' AS scheme, household_id, member_id, 'supplement:band' AS record_key, NULL AS period, supplement_amount AS amount,
       mask_name(name) || ' 分类施保 ' || supplement_amount || ' 元,应在 ' || least || ' 至 ' || most || ' 元' AS reason_zh,
       mask_name(name) || ' is paid a supplement of ' || supplement_amount || ' yuan; it should be ' || least || ' to ' || most
       AS reason_en, [evidence] AS evidence
FROM bounded
WHERE supplement_amount NOT BETWEEN least AND most
