-- reads: searched_number, people
-- makes: rows of settled_number
-- Whose the numbers of settled links are, for the people of this round.
INSERT INTO settled_number
SELECT n.body, p.person_id
FROM searched_number AS n
JOIN people AS p ON left(p.number, 17)::BIGINT = n.body
WHERE n.name IS NOT NULL AND $rounds;
