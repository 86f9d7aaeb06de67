-- Every registered poor person as a place on a register: a later round watches those of them who are on no roster.
CREATE OR REPLACE TEMP VIEW membership_registered_poor AS
SELECT 'registered_poor' AS scheme, household_no AS household_id, person_no AS member_id, 'registered_poor' AS type,
    row_key, id_number, id_number_verdict AS id_verdict, name, NULL::VARCHAR AS former_name, birth_date, sex, division,
    address, phone
FROM registered_poor;
