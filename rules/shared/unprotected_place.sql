/*
id: unprotected_place
says:
  zh: 在册且在户的建档立卡人口中未脱贫、监测或近期有医疗支出的,其本人和户内任何人都不可能已在低保、特困名册上,也未死亡。
  en: >-
    Registered poor who are present and still poor, monitored or with recent medical bills, of whose household nobody may already be
    on the dibao or tekun roster, and who are not dead. Silent wherever a record is in conflict, a roster member has the same name
    and birth date, or one without a sound number was born that day in the same township.
reads: [registered_poor, death_cancellation, cremation]
*/
-- Most of the register are lifted out of poverty, and nothing but their bills is asked about: they are not looked at without.
WITH candidates AS (
    SELECT scheme, household_id, member_id, name, born, division, evidence, status AS poverty_status,
           datesub('year', born, as_of()) AS age
    FROM membership
    ANTI JOIN (SELECT row_key FROM registered_poor WHERE resident_status IS DISTINCT FROM 'present') USING (row_key)
    WHERE type = 'registered_poor' AND verdict IN ('sound', 'sound_15')
      AND (status IN ('poor', 'monitored')
           OR member_id IN (SELECT member_id FROM recent_bill WHERE scheme = 'registered_poor'))
), roster AS (
    SELECT name, born, left(division, 9) AS township, verdict IN ('sound', 'sound_15') AS sound
    FROM membership
    WHERE is_protected
), covered AS (
    -- The register of the poor is linked to people on the rosters alone.
    SELECT household_no AS household_id FROM linked_registered_poor
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
