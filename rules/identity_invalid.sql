/*
id: identity_invalid
title: {zh: 名册身份信息不可用, en: No usable identity on the roster}
direction: doubt
severity: 1
reads:
  dibao_roster: tells
  tekun_roster: tells
parameters: [infant_months]
legal_basis:
  zh: 《社会救助暂行办法》(家庭状况查询核对以身份信息为前提);条款假定(assumed)
  en: Interim Measures on Social Assistance (no checking without an identity); the provision is assumed
check_on_visit:
  zh: 看身份证或户口簿,更正名册上的号码;无户口的协助办理。
  en: See the identity card or household booklet and correct the roster; help those with none to register.
can_be_wrong:
  zh: 名册录入或导出时截断;号码在纸质档案中完整。
  en: Cut off when entered or exported; complete on paper.
*/
-- One wrong, swapped or lost character can be repaired by comparison and is no ground; a number cut to less is none at all.
WITH watched AS (
    SELECT 'dibao' AS scheme, household_id, member_id, name, id_number, id_number_verdict AS verdict, birth_date, division, evidence
    FROM paid_member
    UNION ALL
    SELECT 'tekun', person_no, person_no, name, id_number, id_number_verdict, birth_date, division,
           {'type': 'tekun_roster', 'role': 'self', 'row_key': row_key, 'link_reason': 'exact'}
    FROM tekun_roster WHERE status = 'active'
)
SELECT scheme, household_id, member_id, 'identity' AS record_key, NULL AS period, NULL AS amount,
       mask_name(name) || ' 在名册上无可用身份号码' AS reason_zh,
       mask_name(name) || ' has no usable identity number on the roster' AS reason_en, [evidence] AS evidence
FROM watched
WHERE verdict IN ('blank', 'placeholder')
      AND (birth_date IS NULL OR birth_date <= as_of() - to_months(policy('infant_months', division)::INTEGER))
   OR verdict IN ('length', 'characters', 'date')
      AND length(regexp_replace(upper(id_number), '[^0-9OX]', '', 'g')) NOT IN (15, 17, 18)
