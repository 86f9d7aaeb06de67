WITH step AS (
    SELECT probability, count(*) FILTER (is_right) AS hits, count(*) AS links
    FROM judged
    WHERE left_id IS NOT NULL
    GROUP BY probability
),

running AS (
    SELECT
        probability,
        sum(hits) OVER (ORDER BY probability DESC) AS hits,
        sum(links) OVER (ORDER BY probability DESC) AS links
    FROM step
),

measured AS (
    SELECT probability, hits, links, (SELECT count(*) FROM judged WHERE is_true) AS true_ones FROM running
)

SELECT
    round(probability, 6), round(hits / links, 6), round(hits / true_ones, 6), round(2 * hits / (links + true_ones), 6)
FROM measured
ORDER BY 2 * hits / (links + true_ones) DESC, probability DESC
LIMIT 1
