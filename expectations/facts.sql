-- One row of counts about the delivery at hand, in one pass over its rows: Great Expectations judges them.
-- Keys are compared by hash first, as few are ever alike.
WITH quarantine AS (
    SELECT count(DISTINCT row_number) AS quarantined FROM {quarantine}
),
counted AS (
    SELECT {counts}, {repeated_keys} AS repeated_keys FROM delivered
)
SELECT
    {landed}::BIGINT AS landed,
    quarantined,
    CASE WHEN {landed} = 0 THEN 0.0 ELSE quarantined / {landed} END::DOUBLE AS quarantined_share,
    {headers_missing}::BIGINT AS headers_missing,
    counted.*
FROM counted, quarantine
