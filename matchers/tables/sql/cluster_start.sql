CREATE OR REPLACE TEMP TABLE link_end AS
SELECT left_row AS row, right_row AS other FROM $links
UNION
SELECT right_row, left_row FROM $links;

CREATE OR REPLACE TEMP TABLE cluster_row AS
SELECT row, least(row, min(other)) AS cluster FROM link_end GROUP BY row;
