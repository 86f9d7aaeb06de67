-- reads: settled_link, link_source, settled_number, unmatched
-- makes: rows of household_link
-- Who of a sender's own household is linked by number, of the households that unmatched records belong to.
INSERT INTO household_link
SELECT DISTINCT s.type, s.role, l.household, n.person_id
FROM settled_link AS l
JOIN link_source AS s ON s.source = l.source
JOIN settled_number AS n ON n.body = l.body
SEMI JOIN unmatched AS o ON o.type = s.type AND o.role = s.role AND o.household = l.household;
