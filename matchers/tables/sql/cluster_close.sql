CREATE OR REPLACE TEMP TABLE implied AS
WITH closed AS (
    SELECT cluster FROM cluster_row GROUP BY cluster HAVING count(*) BETWEEN 3 AND $largest
)

SELECT l.row AS left_row, r.row AS right_row
FROM cluster_row AS l
JOIN cluster_row AS r ON r.cluster = l.cluster AND l.row < r.row
WHERE l.cluster IN (FROM closed)
EXCEPT
SELECT left_row, right_row FROM $links;
