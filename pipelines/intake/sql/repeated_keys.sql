-- Row numbers of rows whose key a later row of the delivery has. Keys are compared by hash first: few are ever alike.
WITH good AS (SELECT {key}, row_number, hash({key}) AS key_hash FROM read_parquet({files}, hive_partitioning = false)),
alike AS ({alike})
SELECT row_number
FROM (
    SELECT row_number, max(row_number) OVER (PARTITION BY {key}) AS last
    FROM good SEMI JOIN alike USING (key_hash)
)
WHERE row_number < last
ORDER BY row_number
