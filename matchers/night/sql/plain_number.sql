-- Whose the numbers of plain links are, for the people of this round.
INSERT INTO plain_number
SELECT n.body, p.person_id
FROM asked_number AS n
JOIN people AS p ON left(p.number, 17)::BIGINT = n.body
WHERE n.name IS NOT NULL AND $asked;
