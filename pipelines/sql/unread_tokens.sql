-- Each cell of the lines of {type} that are in quarantine and may be somebody's; ``born``, where the cell is a date, or an ID
-- number with a date in it, however damaged its other digits are.
WITH line AS (
    SELECT delivery_id || '|' || row_number AS line, raw
    FROM read_parquet({files}, hive_partitioning = true, hive_types = {{'delivery_date': 'DATE', 'delivery_id': 'VARCHAR'}})
    WHERE rule NOT IN ({nobodys})
), cell AS (
    SELECT DISTINCT line, upper(trim(unnest(regexp_split_to_array(raw, '[,;|\t"''=\r\n]+')))) AS token FROM line
), plain AS (
    SELECT line, token, regexp_replace(token, '[-/.年月日]', '', 'g') AS digits FROM cell WHERE token <> ''
)
SELECT '{type}' AS type, line, token,
       CASE WHEN regexp_full_match(digits, '(19|20)[0-9]{{6}}') THEN digits
            WHEN regexp_full_match(digits, '[0-9]{{6}}(19|20)[0-9]{{6}}.{{0,4}}') THEN substr(digits, 7, 8) END AS born
FROM plain
