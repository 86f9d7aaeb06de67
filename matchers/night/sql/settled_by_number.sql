-- reads: numbered_record, likely_record, link_source
-- makes: rows of link_source, settled_link
-- Most records: the sound number of the only place that has it, and its name letter for letter. The exact stage would say
-- nothing else, in the round whose it is. Kept narrow, as they are most of a province: `links_settled` shows them in full.
INSERT INTO link_source
SELECT row_number() OVER (ORDER BY type, role, delivery_id) + $sources, type, role, delivery_id
FROM (SELECT DISTINCT type, role, delivery_id FROM numbered_record);

INSERT INTO settled_link
SELECT s.source, a.row_key, a.body, a.household
FROM likely_record AS a
-- All have one: said so, DuckDB looks for it last, and not of every record.
LEFT JOIN link_source AS s ON s.source > $sources AND s.type = a.type AND s.role = a.role AND s.delivery_id = a.delivery_id
WHERE
    -- Who is searched for by another name drops out at once.
    a.searched_name = a.name AND a.settled;
