-- reads: $memberships, upgraded_number
-- makes: numbered_membership
-- Every membership with its own identity, and its number as 18 characters where that is sound.
CREATE OR REPLACE TEMP VIEW numbered_membership AS
SELECT
    $own_id AS own_id, m.scheme, m.household_id, m.member_id, m.type, m.row_key,
    m.id_number, m.id_verdict, m.name, m.former_name, m.birth_date::DATE AS birth_date, m.sex, m.division,
    $address AS address, m.phone,
    CASE WHEN m.id_verdict = 'sound' THEN m.id_number ELSE u.upgraded END AS number
FROM (SELECT $columns, $optional FROM $memberships) AS m
LEFT JOIN upgraded_number AS u ON m.id_verdict = 'sound_15' AND u.id_number = m.id_number;
