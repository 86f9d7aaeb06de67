-- The columns of linked_{type} and conflict_{type} that the night's SQL names, each linked row once. The evidence is made
-- when it is asked for: it would take as much room again.
CREATE OR REPLACE TABLE told_{type} AS
SELECT {columns}, link.person_id, place.scheme, place.household_id, place.member_id, link.role,
       link.reason AS link_reason
FROM {type} AS record
JOIN links AS link
  ON link.type = '{type}' AND link.row_key = record.row_key AND link.delivery_id = record.delivery_id
JOIN person_memberships AS place ON place.person_id = link.person_id
WHERE link.reason IN ({reasons});
