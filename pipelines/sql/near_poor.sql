-- The registered poor whom no link ties to a roster: people who may be left out, and whom the protect rules ask about.
CREATE OR REPLACE TEMP TABLE membership_near_poor AS
SELECT 'registered_poor' AS scheme, household_no AS household_id, person_no AS member_id, 'registered_poor' AS type,
    row_key, id_number, id_number_verdict AS id_verdict, name, NULL::VARCHAR AS former_name, birth_date, sex, division,
    address, phone
FROM registered_poor
WHERE row_key NOT IN (SELECT row_key FROM links WHERE type = 'registered_poor');
