-- Everybody on a roster of civil affairs, whatever their status: the people the night is about.
CREATE OR REPLACE TEMP VIEW membership_protected AS
SELECT 'dibao' AS scheme, household_no AS household_id, member_no AS member_id, 'dibao_roster' AS type, row_key,
    id_number, id_number_verdict AS id_verdict, name, NULL::VARCHAR AS former_name, birth_date, sex, division,
    address, phone
FROM dibao_roster
UNION ALL
SELECT 'tekun', person_no, person_no, 'tekun_roster', row_key,
    id_number, id_number_verdict, name, NULL, birth_date, sex, division, address, NULL
FROM tekun_roster;
