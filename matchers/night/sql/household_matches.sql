-- reads: household_pair, prepared_left, prepared_right, unmatched, $truth
-- makes: rows
-- Of the pairs of a record and a member of a household it may belong to: how many are true, and how many there are.
SELECT count(*) FILTER (t.person_id IS NOT NULL), count(*)
FROM (
    SELECT DISTINCT l.record, r.person_id
    FROM household_pair AS p
    JOIN prepared_left AS l ON l.row = p.left_row
    JOIN prepared_right AS r ON r.row = p.right_row
) AS p
JOIN unmatched AS o ON o.rowid = p.record
LEFT JOIN $truth AS t
    ON t.type = o.type AND t.role = o.role AND t.row_key = o.row_key AND t.person_id = p.person_id
