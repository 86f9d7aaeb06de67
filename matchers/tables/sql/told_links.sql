-- Every pair once, with its probability (1 where numbers settled it) and whether it is true; conflicts claim nothing.
CREATE OR REPLACE TEMP TABLE told_truth AS SELECT DISTINCT $ids FROM $truth;

CREATE OR REPLACE TEMP TABLE told_link AS
WITH claimed AS (
    SELECT $ids, CASE WHEN weight IS NULL THEN 1.0 ELSE probability END AS probability
    FROM links
    WHERE weight IS NOT NULL OR reason IN ($certain_reasons)
)

SELECT k.a, k.b, max(k.probability) AS probability, any_value(t.a) IS NOT NULL AS is_true
FROM claimed AS k
LEFT JOIN told_truth AS t ON t.a = k.a AND t.b = k.b
GROUP BY k.a, k.b
