-- reads: record_household, left_key, right_key, portion_record
-- makes: household_pair
-- Each record with every member of the households it may belong to, but the owner of the number that it wrongly carries.
CREATE OR REPLACE TEMP TABLE household_pair AS
SELECT DISTINCT l.row AS left_row, r.row AS right_row
FROM record_household AS t
JOIN left_key AS l ON l.record = t.record
JOIN right_key AS r ON r.scheme = t.scheme AND r.household_id = t.household_id
JOIN portion_record AS o ON o.record = t.record
WHERE
    NOT (l.sound AND r.sound)
    AND NOT (o.entry IN ('conflict', 'contradicted') AND r.number.read IS NOT DISTINCT FROM o.id_number)
