-- Rows of one delivery set apart, counted by rule, with the shapes of the first few: no digit, letter or Han character of
-- a line is shown as it was.
WITH apart AS (
    SELECT
        rule,
        COALESCE(column_name, '') AS broken_column,
        explain_zh,
        explain_en,
        row_number AS line,
        raw,
        count(*) OVER (PARTITION BY rule, column_name) AS broken,
        row_number() OVER (PARTITION BY rule, column_name ORDER BY row_number) AS place
    FROM read_parquet(__FILES__)
    WHERE delivery_id = $delivery_id
)
SELECT
    rule,
    broken_column,
    explain_zh,
    explain_en,
    broken,
    line,
    shape(left(raw, $longest))
FROM apart
WHERE place <= $samples
ORDER BY rule, broken_column, line
