-- reads: best_pair, unmatched, $truth, namesake, compared, prepared_left
-- makes: rows
-- Leading pairs, the weightiest first, each with whether it is true.
SELECT b.weight, t.person_id IS NOT NULL AS is_right
FROM best_pair AS b
JOIN unmatched AS o ON o.rowid = b.record
LEFT JOIN $truth AS t
    ON t.type = o.type AND t.role = o.role AND t.row_key = o.row_key AND t.person_id = b.person_id
LEFT JOIN namesake AS n ON n.record = b.record AND n.person_id = b.person_id
JOIN compared AS c ON c.left_row = b.pair.left AND c.right_row = b.pair.right
JOIN prepared_left AS l ON l.row = b.pair.left
WHERE ($names_agree) AND b.lead >= $margin AND coalesce(n.namesakes, 0) = 0 AND b.probability >= $least AND ($condition)
ORDER BY b.weight DESC, is_right
