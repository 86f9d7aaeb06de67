-- Most records: the sound number of the only place that has it, and its name letter for letter. The exact stage would say
-- nothing else, in the round whose it is. Kept narrow, as they are most of a province: `links_plain` tells them in full.
INSERT INTO link_source
SELECT row_number() OVER (ORDER BY type, role, delivery_id) + $sources, type, role, delivery_id
FROM (SELECT DISTINCT type, role, delivery_id FROM asked_record);

INSERT INTO plain_link
SELECT s.source, a.row_key, n.body, a.household
FROM asked_record AS a
JOIN asked_number AS n ON n.body = a.body AND n.name = a.name
JOIN link_source AS s ON s.source > $sources AND s.type = a.type AND s.role = a.role AND s.delivery_id = a.delivery_id
$known_of
WHERE a.id_verdict = 'sound' AND a.former_name IS NULL AND NOT (n.later AND (NOT a.asked_later OR $contradicted OR $likely));
