-- The places of watched people on one register. Its own row is evidence with an exact link, or an upgraded one where
-- the register still carries the 15-digit number.
SELECT place.person_id, place.scheme, place.household_id, place.member_id, place.type, place.row_key, record.name,
       record.id_number, record.id_number_verdict AS verdict, record.sex, record.birth_date, record.division,
       record.{status} AS status,
       {{'type': '{type}', 'role': '{role}', 'row_key': record.row_key,
         'link_reason': CASE record.id_number_verdict WHEN 'sound_15' THEN 'upgraded' ELSE 'exact' END}} AS evidence
FROM person_memberships AS place
JOIN {type} AS record ON place.type = '{type}' AND record.row_key = place.row_key
