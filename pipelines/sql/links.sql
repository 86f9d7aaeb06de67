CREATE OR REPLACE VIEW links AS
SELECT * EXCLUDE (source) FROM links_settled
UNION ALL BY NAME
FROM reasoned_links;
