-- The divisions (the first {level} digits) of which {type} has no row, though it has so many elsewhere that {as_many} or more
-- were to be expected for their share of the people on the registers. Nothing, where most rows say no division.
WITH people AS (
    SELECT left(division, {level}) AS division, count(*) AS number FROM ({listed}) GROUP BY 1
), came AS (
    SELECT left({division}, {level}) AS division, count(*) AS number FROM {type} GROUP BY 1
), told AS (
    SELECT sum(number) FILTER (WHERE division IS NOT NULL) AS with_division, sum(number) AS together FROM came
)
SELECT people.division
FROM people, told
WHERE people.division NOT IN (SELECT division FROM came WHERE division IS NOT NULL)
  AND told.with_division * 2 > told.together
  AND people.number * told.with_division >= {as_many} * (SELECT sum(number) FROM people)
ORDER BY people.division
