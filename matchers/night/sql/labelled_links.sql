-- reads: weighed, unmatched, $truth
-- makes: rows
-- By reason, and over all: links, wrong ones, and how many unmatched records are truly somebody's.
WITH linked AS (
    SELECT w.record, w.reason, bool_or(t.person_id IS NOT NULL) AS is_right
    FROM weighed AS w
    JOIN unmatched AS o ON o.rowid = w.record
    LEFT JOIN $truth AS t
        ON t.type = o.type AND t.role = o.role AND t.row_key = o.row_key AND t.person_id = w.person_id
    WHERE w.reason IN ($likely_reasons)
    GROUP BY ALL
),

everybody AS (
    SELECT count(DISTINCT (type, role, row_key)) AS true_ones
    FROM unmatched SEMI JOIN $truth USING (type, role, row_key)
)

SELECT coalesce(reason, 'all') AS reason, count(*), count(*) FILTER (NOT is_right), any_value(true_ones)
FROM linked, everybody
GROUP BY GROUPING SETS ((reason), ())
ORDER BY 1
