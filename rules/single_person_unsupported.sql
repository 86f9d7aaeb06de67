/*
id: single_person_unsupported
title: {zh: 单人户条件不符, en: Single-person protection unsupported}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  disability_certificate: absence tells
  medical_expense: absence tells
parameters: [severe_disability_levels, medical_lookback_months]
legal_basis:
  zh: 社会救助兜底脱贫的文件(2020)、《最低生活保障审核确认办法》(2021)(重度残疾人、重病患者参照单人户);条款假定(assumed)
  en: the document of 2020 on poverty relief through assistance; Measures of 2021 (the severely disabled and gravely ill as single persons); the provision is assumed
check_on_visit:
  zh: 看残疾人证或重病诊断;问家庭人口和经济状况。
  en: See the certificate or diagnosis; ask about the household and its means.
can_be_wrong:
  zh: 证件在外省或正在办理;重病在外省就医未结算。
  en: A certificate elsewhere or under way; treatment elsewhere not settled here.
*/
-- Somebody who lives alone needs no condition; whoever has no sound number on the roster cannot be looked up.
WITH singled AS (
    SELECT * FROM paid_member
    WHERE single_person = 'yes'
      AND recipient = 'yes'
      AND id_number_verdict IN ('sound', 'sound_15')
      AND supplement_kind IS DISTINCT FROM 'serious_illness'
      AND household_id IN (SELECT household_id FROM paid_member GROUP BY household_id HAVING count(*) > 1)
), conditioned AS (
    SELECT household_id, member_id
    FROM possible_certificate JOIN singled USING (scheme, household_id, member_id)
    WHERE level IN policy('severe_disability_levels', division)
    UNION
    SELECT household_id, member_id
    FROM recent_bill
    WHERE scheme = 'dibao' AND serious_illness = 'yes'
)
SELECT 'dibao' AS scheme, household_id, member_id, 'single_person' AS record_key, NULL AS period, monthly_amount AS amount,
       mask_name(name) || ' 按单人户保障,未见重度残疾或重病' AS reason_zh,
       mask_name(name) || ' is protected as a single person; no severe disability or serious illness is recorded' AS reason_en,
       [evidence] AS evidence
FROM singled ANTI JOIN conditioned USING (household_id, member_id)
