-- What the best pairs of these records say, of all that is likely enough to be told of: `$reason` by these limits.
INSERT INTO likely
SELECT
    '$reason' AS reason, b.record, b.person_id, b.weight, b.probability, b.lead,
    l.sound, ($names_agree) AS names_agree, left(l.number.read, 17) AS body, t.namesakes,
    CASE WHEN t.namesakes = 0 AND t.close_by THEN $match_alone ELSE $match END AS enough, $level_name AS name_level
FROM best_pair AS b
JOIN prepared_left AS l ON l.row = b.pair.left
JOIN compared AS c ON c.left_row = b.pair.left AND c.right_row = b.pair.right
LEFT JOIN thin_pair AS t ON t.record = b.record AND t.person_id = b.person_id
WHERE b.probability >= $least
