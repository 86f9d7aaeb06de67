-- The places of watched people on one register, with what it says of them. Where it leaves the birth date out, they were
-- born when their number says.
SELECT place.person_id, place.scheme, place.household_id, place.member_id, place.type, place.row_key, record.name,
       record.id_number, record.id_verdict AS verdict, record.sex, record.birth_date, record.division,
       record.status, {protected} AS is_protected,
       coalesce(record.birth_date,
                try_strptime(CASE record.id_verdict WHEN 'sound' THEN substr(record.id_number, 7, 8)
                                                    WHEN 'sound_15' THEN '19' || substr(record.id_number, 7, 6) END,
                             '%Y%m%d')::DATE) AS born
FROM person_memberships AS place
JOIN ({listed}) AS record ON place.type = '{type}' AND record.row_key = place.row_key
