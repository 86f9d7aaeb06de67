-- What is kept of plain links over the rounds: the number that settles one, with its only person; where records come from;
-- and the records. In full a link is as long as ten numbers, and a province has tens of millions.
CREATE OR REPLACE TABLE plain_number (body BIGINT, person_id BIGINT);
CREATE OR REPLACE TABLE link_source (source INTEGER, type VARCHAR, role VARCHAR, delivery_id VARCHAR);
CREATE OR REPLACE TABLE plain_link (source INTEGER, row_key VARCHAR, body BIGINT, household VARCHAR);

CREATE OR REPLACE VIEW links_plain AS
SELECT
    s.source, s.type, s.role, l.row_key, s.delivery_id, n.person_id, '$exact' AS reason,
    NULL::DOUBLE AS weight, NULL::DOUBLE AS probability, 'equal' AS name_level
FROM plain_link AS l
JOIN link_source AS s ON s.source = l.source
JOIN plain_number AS n ON n.body = l.body;
