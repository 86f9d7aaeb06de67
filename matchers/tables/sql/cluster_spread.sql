-- Every row takes the smallest cluster among its neighbours' and its cluster's own cluster, which halves long chains.
CREATE OR REPLACE TEMP TABLE nearer AS
WITH neighbour AS (
    SELECT e.row, min(c.cluster) AS cluster FROM link_end AS e JOIN cluster_row AS c ON c.row = e.other GROUP BY e.row
)

SELECT c.row, least(c.cluster, n.cluster, up.cluster) AS cluster
FROM cluster_row AS c
JOIN neighbour AS n ON n.row = c.row
JOIN cluster_row AS up ON up.row = c.cluster;
