-- Whose rows of {type} have a cell that could not be read (unread_cell): by the links, or by the row's own place on a register.
WITH noted AS (
    SELECT record.row_key, record.delivery_id, unread_cell.column_name
    FROM unread_cell
    JOIN {type} AS record
      ON record.delivery_id = unread_cell.delivery_id AND record.row_number = unread_cell.row_number
), whose AS (
    SELECT link.person_id, noted.column_name
    FROM noted JOIN links AS link
      ON link.type = '{type}' AND link.row_key = noted.row_key AND link.delivery_id = noted.delivery_id
)
SELECT '{type}' AS type, place.scheme, place.household_id, place.member_id, whose.column_name
FROM whose JOIN person_memberships AS place ON place.person_id = whose.person_id
UNION
SELECT '{type}', place.scheme, place.household_id, place.member_id, noted.column_name
FROM noted JOIN person_memberships AS place ON place.type = '{type}' AND place.row_key = noted.row_key
ORDER BY ALL
