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
    {of_nobody}::BIGINT AS of_nobody,
    CASE WHEN {landed} = {of_nobody} THEN 0.0
    ELSE (quarantined - {of_nobody}) / ({landed} - {of_nobody}) END::DOUBLE AS quarantined_share,
    {headers_missing}::BIGINT AS headers_missing,
    counted.*
FROM counted, quarantine
