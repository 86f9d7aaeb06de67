/*
id: single_person_unsupported
title: {zh: 单人户条件不符, en: Single-person protection unsupported}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  disability_certificate: absence tells
  household_register: may tell
  medical_expense: absence tells
parameters: [adult_age, medical_lookback_months, severe_by_kind, severe_disability_levels]
legal_basis:
  - to: 2021-06-30
    zh: 社会救助兜底脱贫的文件(2020)(重度残疾人、重病患者参照单人户);条款假定(assumed)
    en: the document of 2020 on poverty relief through assistance (the severely disabled and gravely ill as single persons); the provision is assumed
  - from: 2021-07-01
    zh: 社会救助兜底脱贫的文件(2020)、《最低生活保障审核确认办法》(2021)(重度残疾人、重病患者参照单人户);条款假定(assumed)
    en: the document of 2020 on poverty relief through assistance; Measures of 2021 (the severely disabled and gravely ill as single persons); the provision is assumed
check_on_visit:
  zh: 看残疾人证或重病诊断;问家庭人口和经济状况;户口上有配偶、未成年子女的,问是否共同生活。
  en: See the certificate or diagnosis; ask about the household and its means, and where a spouse or minor children are on the register entry, whether they live together.
can_be_wrong:
  zh: 证件在外省或正在办理;重病在外省就医未结算;户口上的家人实际不与其共同生活。
  en: A certificate elsewhere or under way; treatment elsewhere not settled here; a family on the register entry that does not live with them.
*/
-- Members of near-poor families may be protected alone for a severe disability or a grave illness. Somebody who lives alone needs no
-- condition, but is not alone with a spouse or minor children on the same entry of the household register; whose booklet it is
-- says nothing of other relatives. Whoever has no sound number on the roster cannot be looked up.
WITH singled AS (
    SELECT *, count(*) OVER (PARTITION BY household_id) > 1 AS in_family
    FROM paid_member
    WHERE id_number_verdict IN ('sound', 'sound_15') OR single_person = 'no'
    QUALIFY single_person = 'yes'
        AND recipient = 'yes'
        AND supplement_kind IS DISTINCT FROM 'serious_illness'
), conditioned AS (
    SELECT household_id, member_id
    FROM possible_certificate JOIN singled USING (scheme, household_id, member_id)
    WHERE coalesce(level IN policy('severe_disability_levels', division) OR level || '-' || kind IN policy('severe_by_kind', division), true)
    UNION
    SELECT household_id, member_id
    FROM recent_bill JOIN singled USING (scheme, household_id, member_id)
    WHERE serious_illness = 'yes'
), family AS (
    SELECT own.household_id, own.member_id, count(*) AS others, list(own.evidence) AS evidence
    FROM linked_household_register AS own
    SEMI JOIN singled USING (scheme, household_id, member_id)
    JOIN household_register AS other
      ON other.household_no = own.household_no AND other.person_no <> own.person_no
    WHERE own.status = 'normal' AND other.status = 'normal'
      AND ((own.relation_to_head IN ('head', 'spouse') AND other.relation_to_head IN ('head', 'spouse'))
           OR (own.relation_to_head IN ('head', 'spouse') AND other.relation_to_head IN ('son', 'daughter')
               AND datesub('year', other.birth_date, as_of()) < policy('adult_age', own.division)))
    GROUP BY own.household_id, own.member_id
)
SELECT 'dibao' AS scheme, household_id, member_id, 'single_person' AS record_key, NULL AS period, monthly_amount AS amount,
       mask_name(name) || ' 按单人户保障,未见重度残疾或重病'
       || CASE WHEN in_family THEN '' ELSE ';户口同一户内有配偶或未成年子女 ' || others || ' 人' END AS reason_zh,
       mask_name(name) || ' is protected as a single person; no severe disability or serious illness is recorded'
       || CASE WHEN in_family THEN '' ELSE '; a spouse or minor children are on the same register entry: ' || others END AS reason_en,
       CASE WHEN in_family THEN [singled.evidence] ELSE list_distinct([singled.evidence] || family.evidence) END AS evidence
FROM singled
LEFT JOIN family USING (household_id, member_id)
ANTI JOIN conditioned USING (household_id, member_id)
WHERE in_family OR others > 0
