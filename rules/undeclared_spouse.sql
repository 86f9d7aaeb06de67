/*
id: undeclared_spouse
title: {zh: 配偶未列入家庭, en: Spouse not in the household}
direction: doubt
severity: 2
reads:
  dibao_roster: tells
  marriage: absence tells
  household_register: absence tells
  death_cancellation: absence tells
  cremation: absence tells
contradicted_by: {divorced_on_register: silences, divorced_on_roster: lowers}
legal_basis:
  - to: 2021-06-30
    zh: 《最低生活保障审核审批办法(试行)》(2012)(共同生活的家庭成员包括配偶)
    en: Trial measures of 2012 (the spouse belongs to the household)
    assumed: true
  - from: 2021-07-01
    zh: 《最低生活保障审核确认办法》(2021)第七条(共同生活的家庭成员包括配偶)
    en: Measures of 2021, art. 7 (the spouse belongs to the household)
check_on_visit:
  zh: 看结婚证、离婚证;问配偶下落、是否服刑或失踪、是否共同生活。
  en: See marriage or divorce papers; ask where the spouse is, whether in prison or missing, whether they live together.
can_be_wrong:
  zh: 配偶服刑、失踪而户籍未反映;外省离婚未入库;同名同号差错。
  en: The spouse in prison or missing and not recorded; a divorce elsewhere; a shared number.
*/
-- The last entry of the marriage register on the member counts; one without a readable date may be the last. A spouse who is dead, or whose register entry is cancelled, is
-- not expected on the roster; one whom the roster may have under a damaged number is looked for by name, by relation, by birth
-- date, and, where the certificate has no readable number, by whom the household register has as the spouse.
WITH entry AS (
    SELECT scheme, household_id, member_id, row_key, kind, registered_on, evidence,
           CASE role WHEN 'husband' THEN wife_id ELSE husband_id END AS spouse_id,
           -- A wedding of 1970 has his number of 15 digits, what came after has that of 18: the same man.
           regexp_replace(CASE role WHEN 'husband' THEN wife_id ELSE husband_id END, '^(\d{6})19(\d{9}).$', '\1\2') AS old_number,
           CASE WHEN CASE role WHEN 'husband' THEN wife_id_verdict ELSE husband_id_verdict END = 'sound'
                THEN substr(CASE role WHEN 'husband' THEN wife_id ELSE husband_id END, 7, 8) END AS spouse_born,
           CASE role WHEN 'husband' THEN wife_name ELSE husband_name END AS spouse_name
    FROM linked_marriage SEMI JOIN paid_member USING (scheme, household_id, member_id)
    QUALIFY row_number() OVER (PARTITION BY scheme, household_id, member_id ORDER BY registered_on DESC NULLS FIRST, kind, row_key) = 1
), gone AS (
    SELECT regexp_replace(id_number, '^(\d{6})19(\d{9}).$', '\1\2') AS old_number
    FROM (SELECT id_number FROM death_cancellation
          UNION
          SELECT id_number FROM cremation
          UNION
          SELECT id_number FROM household_register WHERE coalesce(status, 'cancelled') = 'cancelled')
)
SELECT 'dibao' AS scheme, household_id, member_id, 'marriage:' || entry.row_key AS record_key, NULL AS period,
       member.monthly_amount AS amount,
       mask_name(member.name) || ' 于 ' || entry.registered_on || ' 登记结婚,配偶 ' || mask_name(entry.spouse_name)
       || ' 未列入家庭' AS reason_zh,
       mask_name(member.name) || ' married on ' || entry.registered_on || '; the spouse ' || mask_name(entry.spouse_name)
       || ' is not in the household' AS reason_en, [entry.evidence] AS evidence,
       entry.registered_on AS ground_on
FROM entry
JOIN paid_member AS member USING (scheme, household_id, member_id)
ANTI JOIN double_place USING (household_id, member_id)
WHERE entry.kind = 'marriage'
  AND entry.registered_on IS NOT NULL
  AND NOT EXISTS (
      SELECT 1 FROM dibao_member AS other
      WHERE other.household_id = entry.household_id
        AND (regexp_replace(other.id_number, '^(\d{6})19(\d{9}).$', '\1\2') = entry.old_number OR other.name = entry.spouse_name
             OR (other.relation_to_head = 'spouse' AND member.relation_to_head = 'head')
             OR (other.relation_to_head = 'head' AND member.relation_to_head = 'spouse')))
  AND NOT EXISTS (
      SELECT 1 FROM dibao_member AS other
      WHERE other.household_id = entry.household_id AND other.member_id <> entry.member_id
        AND (other.id_number_verdict NOT IN ('sound', 'sound_15') OR other.id_number = member.id_number)
        AND coalesce(other.birth_date < entry.registered_on, true)
        AND coalesce(entry.spouse_born = strftime(other.birth_date, '%Y%m%d'), true))
  AND NOT EXISTS (
      SELECT 1 FROM linked_household_register AS own
      JOIN dibao_member AS other USING (household_id)
      WHERE own.household_id = entry.household_id AND own.member_id = entry.member_id
        AND entry.spouse_born IS NULL AND other.id_number = own.spouse_id)
  AND NOT EXISTS (
      SELECT 1 FROM linked_marriage AS told
      WHERE told.row_key = entry.row_key AND told.household_id = entry.household_id AND told.member_id <> entry.member_id)
  AND NOT EXISTS (SELECT 1 FROM gone WHERE gone.old_number = entry.old_number)
