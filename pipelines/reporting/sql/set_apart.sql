-- The lines of one delivery that were set apart, or its noted cells, in the order of the file: with the shape of what
-- stood there, and of a cell how many of its column say the same.
SELECT
    row_number,
    column_name,
    rule,
    explain_zh,
    explain_en,
    shape(left(raw, $longest)) AS shape,
    raw,
    count(*) OVER (PARTITION BY column_name, raw) AS alike
FROM read_parquet(__FILES__)
WHERE delivery_id = $delivery_id
ORDER BY row_number, column_name, rule
