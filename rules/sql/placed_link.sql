-- Every link with each of the places its person has on the registers.
CREATE OR REPLACE TEMP VIEW placed_link AS
SELECT link.type, link.role, link.row_key, link.delivery_id, link.reason, link.person_id, place.scheme,
       place.household_id, place.member_id
FROM links AS link
JOIN place ON place.person_id = link.person_id;
