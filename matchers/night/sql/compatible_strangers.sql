-- Of the strangers' names, those that are compatible with that of somebody without a usable number, born on that day.
CREATE OR REPLACE TEMP TABLE compatible_stranger AS
WITH called AS (
    SELECT born, surname, name, 'current' AS kind, name AS called FROM stranger_name
    UNION ALL
    SELECT born, surname, name, 'former' AS kind, former_name AS called FROM stranger_name WHERE former_name IS NOT NULL
),

stranger AS (
    SELECT s.born, s.surname, s.name AS own, s.kind, k.* FROM called AS s JOIN name_keys AS k ON k.name = s.called
),

person AS (
    SELECT u.born, u.surname, u.kind, k.* FROM birth_asked AS u JOIN name_keys AS k ON k.name = u.name
)

SELECT DISTINCT r.born, r.own AS name
FROM stranger AS r
JOIN person AS p ON p.born = r.born AND p.surname = r.surname
WHERE ($name_rank) IS NOT NULL;
