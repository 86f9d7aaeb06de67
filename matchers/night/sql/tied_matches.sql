-- Of the tied pairs of a record and a person: how many are true, and how many there are.
SELECT count(*) FILTER (t.person_id IS NOT NULL), count(*)
FROM (
    SELECT DISTINCT l.record, r.person_id
    FROM tied_pair AS p
    JOIN prepared_left AS l ON l.row = p.left_row
    JOIN prepared_right AS r ON r.row = p.right_row
) AS p
JOIN left_over AS o ON o.rowid = p.record
LEFT JOIN $truth AS t
    ON t.type = o.type AND t.role = o.role AND t.row_key = o.row_key AND t.person_id = p.person_id
