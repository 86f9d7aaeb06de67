/*
id: unprotected_place
says:
  zh: 在册且在户的建档立卡人口,其本人和户内任何人都不可能已在低保、特困名册上,也未死亡。
  en: >-
    Registered poor who are present, of whose household nobody may already be on the dibao or tekun roster, and who are not dead.
    Silent wherever a record is in conflict, a roster member has the same name and birth date, or one without a sound number was
    born that day in the same township.
reads: [registered_poor, death_cancellation, cremation]
*/
WITH places AS (
    SELECT *, coalesce(birth_date, try_strptime(CASE verdict WHEN 'sound' THEN substr(id_number, 7, 8)
                                                WHEN 'sound_15' THEN '19' || substr(id_number, 7, 6) END,
                                                '%Y%m%d')::DATE) AS born
    FROM membership
), candidates AS (
    SELECT place.scheme, place.household_id, place.member_id, place.name, place.born, place.division, place.evidence,
           poor.poverty_status, datesub('year', place.born, as_of()) AS age
    FROM places AS place
    JOIN registered_poor AS poor ON place.type = 'registered_poor' AND poor.row_key = place.row_key
    WHERE place.verdict IN ('sound', 'sound_15')
      AND poor.resident_status = 'present'
), roster AS (
    SELECT name, born, left(division, 9) AS township, verdict IN ('sound', 'sound_15') AS sound
    FROM places
    WHERE scheme IN ('dibao', 'tekun')
), covered AS (
    -- The register of the poor is linked to people on the two rosters alone.
    SELECT household_no AS household_id FROM linked_registered_poor
    UNION
    SELECT household_no FROM conflict_registered_poor
), dead AS (
    SELECT member_id FROM linked_death_cancellation WHERE scheme = 'registered_poor'
    UNION
    SELECT member_id FROM linked_cremation WHERE scheme = 'registered_poor'
)
SELECT *
FROM candidates
WHERE NOT EXISTS (SELECT 1 FROM covered WHERE covered.household_id = candidates.household_id)
  AND NOT EXISTS (SELECT 1 FROM dead WHERE dead.member_id = candidates.member_id)
  AND NOT EXISTS (SELECT 1 FROM roster WHERE roster.name = candidates.name AND roster.born = candidates.born)
  AND NOT EXISTS (SELECT 1 FROM roster WHERE NOT roster.sound AND roster.born = candidates.born
                                         AND roster.township = left(candidates.division, 9))
