/*
id: married_away
says:
  zh: 户籍与低保户同户、但已婚而配偶不在同一户口的人:已另有家庭,只是户口未迁(名册以外的婚嫁子女多如此)。
  en: >-
    People on the register entry of a dibao member who are married and have no spouse on that entry: they have a household of their own,
    and never moved the entry, as is the ordinary case in villages.
reads: [household_register, marriage]
*/
WITH entry AS (
    SELECT DISTINCT own.scheme, own.household_id, own.household_no
    FROM linked_household_register AS own
), person AS (
    SELECT entry.scheme, entry.household_id, registered.household_no, registered.row_key, registered.id_number, registered.registered_on,
           registered.spouse_id, registered.spouse_name, registered.marital_status
    FROM household_register AS registered JOIN entry USING (household_no)
), wedding AS (
    -- An entry of an unknown kind may be a wedding, and one of an unknown day the last.
    SELECT id_number, arg_max(spouse_id, coalesce(registered_on, as_of())) AS spouse_id
    FROM (SELECT husband_id AS id_number, wife_id AS spouse_id, kind, registered_on FROM marriage
          UNION ALL
          SELECT wife_id, husband_id, kind, registered_on FROM marriage) AS told
    SEMI JOIN person USING (id_number)
    GROUP BY id_number
    HAVING arg_max(coalesce(kind, 'marriage'), coalesce(registered_on, as_of())) = 'marriage'
)
SELECT person.scheme, person.household_id, NULL::VARCHAR AS member_id, person.row_key AS about, person.registered_on AS since,
       '已婚,配偶不在同一户口' AS zh, 'married, and the spouse is not on the entry' AS en,
       {'type': 'household_register', 'role': 'self', 'row_key': person.row_key, 'link_reason': 'household'} AS evidence
FROM person LEFT JOIN wedding USING (id_number)
WHERE (person.marital_status = 'married' OR (coalesce(person.marital_status, 'unstated') = 'unstated' AND wedding.id_number IS NOT NULL))
  AND NOT EXISTS (
      SELECT 1 FROM household_register AS spouse
      WHERE spouse.household_no = person.household_no AND spouse.status = 'normal'
        AND (spouse.id_number IN (person.spouse_id, wedding.spouse_id) OR spouse.name = person.spouse_name))
