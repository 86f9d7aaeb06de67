/*
id: unprotected_place
says:
  zh: >-
    在册且在户的建档立卡人口中未脱贫、监测、名册所记人均收入低于低保标准一倍半或近期有医疗支出的,其本人和同户的人都不可能已在低保、特困名册上,也未死亡。
    已在别处另一低保户的成年子女等亲属,不能使其视为已保障。
  en: >-
    Registered poor who are present and still poor, monitored, with an income a head under one and a half of the standard by the register itself, or with
    recent medical bills, of whose household nobody may already be on the dibao or tekun roster, and who are not dead. A grown
    relative in a dibao household that does not have them covers nobody else; a spouse, the head, a minor and whoever's relation is not known do. Silent wherever a
    record is in conflict, a roster member has the same name and birth date, or one without a sound number was born that day in
    the same township.
reads: [registered_poor, death_cancellation, cremation]
parameters: [adult_age, rural_standard_yearly, single_person_income_percent]
*/
-- Most of the register are lifted out of poverty, and nothing but their income and bills is asked about.
WITH candidates AS (
    SELECT place.scheme, place.household_id, place.member_id, place.name, place.born, place.division, place.evidence,
           place.status AS poverty_status, person.relation_to_head, person.labour, person.per_head_income,
           datesub('year', place.born, as_of()) AS age,
           coalesce(person.per_head_income < policy('rural_standard_yearly', place.division), false) AS under_standard,
           coalesce(person.per_head_income <= policy('rural_standard_yearly', place.division)
                                              * policy('single_person_income_percent', place.division) / 100, false) AS near_poor
    FROM membership AS place
    JOIN registered_poor AS person USING (row_key)
    WHERE place.type = 'registered_poor' AND place.verdict IN ('sound', 'sound_15') AND person.resident_status = 'present'
), roster AS (
    SELECT name, born, left(division, 9) AS township, verdict IN ('sound', 'sound_15') AS sound
    FROM membership
    WHERE is_protected
), covered AS (
    -- The register of the poor is linked to people on the rosters alone.
    SELECT person.household_no AS household_id
    FROM linked_registered_poor AS person
    JOIN membership AS home USING (scheme, household_id, member_id)
    WHERE NOT coalesce(home.scheme = 'dibao' AND person.relation_to_head IN ('son', 'daughter', 'grandchild', 'sibling', 'parent')
                       AND datesub('year', home.born, as_of()) >= policy('adult_age', home.division), false)
    UNION
    SELECT household_no FROM conflict_registered_poor
), dead AS (
    SELECT member_id FROM linked_death_cancellation WHERE scheme = 'registered_poor'
    UNION
    SELECT member_id FROM linked_cremation WHERE scheme = 'registered_poor'
)
SELECT candidates.*
FROM candidates
ANTI JOIN covered USING (household_id)
ANTI JOIN dead USING (member_id)
ANTI JOIN roster AS namesake ON namesake.name = candidates.name AND namesake.born = candidates.born
ANTI JOIN (SELECT born, township FROM roster WHERE NOT sound) AS unread
  ON unread.born = candidates.born AND unread.township = left(candidates.division, 9)
WHERE candidates.poverty_status IN ('poor', 'monitored') OR candidates.near_poor
   OR (candidates.scheme, candidates.household_id) IN (SELECT (scheme, household_id) FROM recent_bill)
