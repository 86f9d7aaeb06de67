-- A night after: of the flags still open $changed differ, others than the night before ($shift). Three in five say
-- something else, one in five is gone and as many are new, on households that have a case. Of the control sample a night
-- brings only what it draws itself.
SELECT * EXCLUDE (n, pick) REPLACE (
    CASE WHEN pick = 'changed' THEN md5('as seen now' || n) ELSE evidence_hash END AS evidence_hash,
    CASE WHEN pick = 'changed' THEN reason_zh || '（金额有变）' ELSE reason_zh END AS reason_zh,
    CASE WHEN pick = 'new' THEN md5('another|' || flag_id) ELSE flag_id END AS flag_id
)
FROM (
    SELECT
        *,
        CASE
            WHEN (n * 7919 + $shift) % $flags < $changed * 3 // 5 THEN 'changed'
            WHEN (n * 7919 + $shift) % $flags < $changed * 4 // 5 THEN 'gone'
            ELSE 'same'
        END AS pick
    FROM night_flag
    WHERE n % 7 <> 6 AND direction <> 'control'
    UNION ALL
    SELECT *, 'new' FROM night_flag
    WHERE (n * 7919 + $shift) % $flags >= $flags - $changed // 5
)
WHERE pick <> 'gone'
