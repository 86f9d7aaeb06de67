-- reads: nothing
-- makes: settled_number, link_source, settled_link, links_settled
-- What is kept over the rounds of the links settled by number: the number that settles one, with its only person; where records come from;
-- and the records. In full a link is as long as ten numbers, and a province has tens of millions.
CREATE OR REPLACE TABLE settled_number (body BIGINT, person_id BIGINT);
CREATE OR REPLACE TABLE link_source (source INTEGER, type VARCHAR, role VARCHAR, delivery_id VARCHAR);
CREATE OR REPLACE TABLE settled_link (source INTEGER, row_key VARCHAR, body BIGINT, household VARCHAR);

CREATE OR REPLACE VIEW links_settled AS
SELECT
    s.source, s.type, s.role, l.row_key, s.delivery_id, n.person_id, '$exact' AS reason,
    NULL::DOUBLE AS weight, NULL::DOUBLE AS probability, 'equal' AS name_level,
    NULL::VARCHAR AS contradiction
FROM settled_link AS l
JOIN link_source AS s ON s.source = l.source
JOIN settled_number AS n ON n.body = l.body;
