-- The rows of both sides with the text of their keys, as far as the other side may have them too, and how many pairs each
-- key makes.
CREATE OR REPLACE TEMP TABLE block_left AS SELECT DISTINCT row, k FROM ($left);
CREATE OR REPLACE TEMP TABLE block_right AS SELECT DISTINCT row, k FROM ($right) AS keyed SEMI JOIN block_left USING (k);

CREATE OR REPLACE TEMP TABLE block_size AS
SELECT k, $pairs AS pairs
FROM (SELECT k, count(*) AS nl FROM block_left GROUP BY k)
JOIN (SELECT k, count(*) AS nr FROM block_right GROUP BY k) USING (k);
