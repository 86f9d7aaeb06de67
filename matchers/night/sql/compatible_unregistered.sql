-- reads: unregistered_name, name_keys, round_birth
-- makes: compatible_unregistered
-- Of the names under unregistered numbers, those compatible with that of somebody without a usable number, born on that
-- day.
CREATE OR REPLACE TEMP TABLE compatible_unregistered AS
WITH called AS (
    SELECT born, surname, name, 'current' AS kind, name AS called FROM unregistered_name
    UNION ALL
    SELECT born, surname, name, 'former' AS kind, former_name AS called FROM unregistered_name WHERE former_name IS NOT NULL
),

unregistered AS (
    SELECT s.born, s.surname, s.name AS own, s.kind, k.* FROM called AS s JOIN name_keys AS k ON k.name = s.called
),

person AS (
    SELECT u.born, u.surname, u.kind, k.* FROM round_birth AS u JOIN name_keys AS k ON k.name = u.name
)

SELECT DISTINCT r.born, r.own AS name
FROM unregistered AS r
JOIN person AS p ON p.born = r.born AND p.surname = r.surname
WHERE ($name_rank) IS NOT NULL;
