-- One row of counts about the delivery at hand. Great Expectations judges them beside the rows themselves.
CREATE OR REPLACE TABLE facts AS
WITH quarantine AS (
    SELECT count(DISTINCT row_number) AS quarantined FROM {quarantine}
),
repeated AS (
    SELECT count(*) AS repeated_keys FROM (SELECT {key} FROM delivered GROUP BY ALL HAVING count(*) > 1)
),
counted AS (
    SELECT {counts} FROM delivered
)
SELECT
    {landed}::BIGINT AS landed,
    quarantined,
    CASE WHEN {landed} = 0 THEN 0.0 ELSE quarantined / {landed} END::DOUBLE AS quarantined_share,
    {headers_missing}::BIGINT AS headers_missing,
    repeated_keys,
    counted.*
FROM counted, quarantine, repeated
