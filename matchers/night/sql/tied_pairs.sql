-- Every member of such a household but the owner of the number that the record wrongly carries.
CREATE OR REPLACE TEMP TABLE tied_pair AS
SELECT DISTINCT l.row AS left_row, r.row AS right_row
FROM tied AS t
JOIN left_key AS l ON l.record = t.record
JOIN right_key AS r ON r.scheme = t.scheme AND r.household_id = t.household_id
JOIN asked_record AS o ON o.record = t.record
WHERE
    NOT (l.sound AND r.sound)
    AND NOT (o.entry IN ('conflict', 'contradicted') AND r.number.read IS NOT DISTINCT FROM o.id_number)
