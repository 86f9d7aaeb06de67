-- Of what the stage proposes, the people on each record's best level: one is a link, more are left to a person.
INSERT INTO decided
WITH best AS (
    SELECT record, person_id, rank, doubtful
    FROM proposed
    QUALIFY rank IS NOT DISTINCT FROM min(rank) OVER (PARTITION BY record)
),

counted AS (
    SELECT *, count(*) OVER (PARTITION BY record) > 1 OR bool_or(doubtful) OVER (PARTITION BY record) AS ambiguous
    FROM best
)

SELECT record, person_id, CASE WHEN ambiguous THEN '$ambiguous' ELSE '$reason' END, $level_name
FROM counted
