-- Who of a sender's own household is plainly linked, of the households that records left over belong to.
INSERT INTO tie
SELECT DISTINCT s.type, s.role, l.household, n.person_id
FROM plain_link AS l
JOIN link_source AS s ON s.source = l.source
JOIN plain_number AS n ON n.body = l.body
SEMI JOIN left_over AS o ON o.type = s.type AND o.role = s.role AND o.household = l.household;
