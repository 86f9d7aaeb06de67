-- reads: best_pair, prepared_left, compared
-- makes: rows of likely_pair
-- What the best pairs of these records say, of all that is likely enough: `$reason` by these limits.
INSERT INTO likely_pair
SELECT
    '$reason' AS reason, b.record, b.person_id, b.weight, b.probability, b.lead,
    l.sound, ($names_agree) AS names_agree, left(l.number.read, 17) AS body, $level_name AS name_level
FROM best_pair AS b
JOIN prepared_left AS l ON l.row = b.pair.left
JOIN compared AS c ON c.left_row = b.pair.left AND c.right_row = b.pair.right
WHERE b.probability >= $least
