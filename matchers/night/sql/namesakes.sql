-- reads: name_and_place_pair, $population
-- makes: namesake
-- A name and a place tell nobody apart where the population has another person of that name in that place.
CREATE OR REPLACE TEMP TABLE namesake AS
SELECT t.record, t.person_id, t.close_by, count(p.name) AS namesakes
FROM name_and_place_pair AS t
LEFT JOIN $population AS p
    ON p.name = t.name AND left(p.division, t.near) = left(t.division, t.near)
    AND strftime(p.birth_date, '%Y%m%d') IS DISTINCT FROM t.born
WHERE $known
GROUP BY ALL
