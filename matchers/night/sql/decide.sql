-- reads: proposed
-- makes: rows of decided
-- Of what the stage proposes, the people on each record's best level: one is a link, more are left to a person.
INSERT INTO decided
WITH contested AS (
    SELECT record FROM proposed GROUP BY record HAVING count(*) > 1
),

best AS (
    SELECT *
    FROM proposed
    WHERE record IN (FROM contested)
    QUALIFY rank IS NOT DISTINCT FROM min(rank) OVER (PARTITION BY record)
),

counted AS (
    SELECT record, person_id, rank, doubtful FROM proposed WHERE record NOT IN (FROM contested)
    UNION ALL
    SELECT
        record,
        person_id,
        rank,
        count(*) OVER (PARTITION BY record) > 1 OR bool_or(doubtful) OVER (PARTITION BY record)
    FROM best
)

SELECT record, person_id, CASE WHEN doubtful THEN '$ambiguous' ELSE '$reason' END, $level_name
FROM counted
