/*
id: identity_conflict
title: {zh: 一号多名, en: "One number, two names"}
direction: doubt
severity: 1
accepts: [conflict, contradicted, lead]
reads:
  household_register: absence tells
legal_basis:
  zh: 《中华人民共和国居民身份证法》(公民身份号码唯一、终身不变);条款假定(assumed)
  en: Law on Resident Identity Cards (a citizen's number is unique and lasts for life); the provision is assumed
check_on_visit:
  zh: 看身份证和户口簿原件,核对号码、姓名与出生日期;是否登记时误用亲属号码、改过名、或与他人重号;查清后更正名册。
  en: See the identity card and household booklet, and compare number, name and birth date; whether a relative's number was used, a name was changed, or the number is shared with another person; then correct the roster.
can_be_wrong:
  zh: 改名未登记曾用名;少数民族姓名译写不同;户籍一方登记有误;历史重号。
  en: A changed name without its former name on record; a minority name written another way; the household register itself wrong; an old duplicated number.
*/
-- Only the dibao and tekun rosters have those statuses. This flag says that a record cannot be trusted, not that a family did anything: its severity is the lowest.
WITH places AS (
    SELECT person_id, scheme, household_id, member_id, name, id_number, born, evidence
    FROM membership
    WHERE status IN ('active', 'exiting') AND verdict IN ('sound', 'sound_15')
), doubled AS (
    -- Nobody lives twice in one household: that two of its members are two people rests on the roster, not on the absence of
    -- an entry under both names.
    SELECT here.*, other.person_id AS other_person, other.name AS other_name, other.evidence AS other_evidence,
           CASE WHEN other.scheme = here.scheme AND other.household_id = here.household_id THEN here.born END AS claim_on
    FROM places AS here
    JOIN places AS other ON other.id_number = here.id_number AND other.person_id <> here.person_id
), known AS (
    -- Two people of one register entry are one person under a former and a present name.
    SELECT DISTINCT row_key, person_id FROM linked_household_register SEMI JOIN doubled USING (person_id)
), shared AS (
    SELECT * FROM doubled
    WHERE NOT EXISTS (
        SELECT 1 FROM known AS one JOIN known AS two USING (row_key)
        WHERE one.person_id = doubled.person_id AND two.person_id = doubled.other_person
    )
), registered AS (
    -- An entry is a record, whenever it was delivered: what it says has been so since birth.
    -- What is under one number and yet not one person differs in the name, or in what else the matchers compare;
    -- what agrees in number and name and contradicts in one particular is written wrongly on one side. What agrees in
    -- all but the number is a number corrected since, or one person entered twice.
    SELECT entry.scheme, entry.household_id, entry.member_id, entry.row_key, entry.evidence, place.id_number,
           place.name AS name_here, entry.name AS name_there, entry.name <> place.name AS other_name,
           coalesce(entry.birth_date <> place.born, FALSE) AS other_birth,
           entry.link_reason = 'renumbered' AS other_number, place.born
    FROM (
        FROM conflict_household_register
        UNION ALL BY NAME
        FROM perhaps_household_register WHERE link_reason IN ('contradicted', 'renumbered')
    ) AS entry
    JOIN places AS place USING (scheme, household_id, member_id)
    WHERE entry.status <> 'cancelled'
)
SELECT scheme, household_id, member_id, 'household_register:' || row_key AS record_key,
       NULL AS period, NULL AS amount,
       '身份号码 ' || mask_id(id_number) || ':名册为 ' || mask_name(name_here) || ',户籍为 ' || mask_name(name_there)
       || CASE WHEN other_number THEN ',姓名、出生日期、住地相同,身份号码不同'
               WHEN NOT other_name THEN ',姓名相同,出生日期等身份信息不一致'
               WHEN other_birth THEN ',姓名和出生日期不一致'
               ELSE ',姓名不一致' END AS reason_zh,
       'Number ' || mask_id(id_number) || ': the roster has ' || mask_name(name_here) || ', the household register '
       || mask_name(name_there)
       || CASE WHEN other_number THEN '; name, birth date and place are the same, the number is another'
               WHEN NOT other_name THEN '; the name is the same, the birth date and other particulars do not agree'
               WHEN other_birth THEN '; name and birth date do not agree'
               ELSE '; the names do not agree' END AS reason_en,
       [evidence] AS evidence, born AS claim_on
FROM registered
UNION ALL
SELECT scheme, household_id, member_id, other_evidence.type || ':' || other_evidence.row_key, NULL, NULL,
       '同一身份号码在名册上另属 ' || mask_name(other_name) || ',本户登记为 ' || mask_name(name),
       'The same number belongs on the registers to ' || mask_name(other_name) || ' too; here it is '
       || mask_name(name),
       [struct_update(other_evidence, link_reason := 'conflict')], claim_on
FROM shared
