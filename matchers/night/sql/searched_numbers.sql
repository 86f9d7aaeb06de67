-- reads: place_candidate, name_keys, searched_place
-- makes: searched_candidate, searched_number, searched_birth
-- What the damaged numbers of the registers may have been. `later`, here as below: nobody of the first round has it.
CREATE OR REPLACE TEMP TABLE searched_candidate AS
SELECT left(candidate, 17)::BIGINT AS body, bool_and(later) AS later FROM place_candidate GROUP BY ALL;

-- The numbers that records are searched for. `name` is that of the only place with the number, if nothing in it is hidden:
-- who repeats both letter for letter is meant, unless the place says otherwise than the number. It is the first round's if
-- it is on a place of that, or one fault from a damaged number there.
CREATE OR REPLACE TABLE searched_number AS
WITH claimed AS (
    SELECT body, later, count(*) = 1 AND bool_and(id_verdict = 'sound' AND agrees) AS sole, min(name) AS name
    FROM searched_place
    WHERE body IS NOT NULL
    GROUP BY body, later
),

first AS (
    SELECT body FROM claimed WHERE NOT later
)

SELECT
    c.body, c.later AND coalesce(d.later, TRUE) AS later,
    CASE WHEN c.sole AND (NOT c.later OR d.body IS NULL) THEN k.name END AS name
FROM claimed AS c
LEFT JOIN searched_candidate AS d ON d.body = c.body
LEFT JOIN name_keys AS k ON k.name = c.name AND k.clear IS NOT NULL
WHERE NOT c.later OR c.body NOT IN (FROM first)
UNION ALL
SELECT body, later, NULL FROM searched_candidate WHERE body NOT IN (SELECT body FROM claimed);

-- By birth date, surname and name, who has no usable number, as in `unnumbered_person`, whom it includes.
CREATE OR REPLACE TEMP TABLE searched_birth AS
WITH unnumbered AS (
    SELECT later, body, born, county, name, former_name
    FROM searched_place
    WHERE born IS NOT NULL AND (body IS NULL OR born <> number_born)
),

called AS (
    SELECT later, born, county, name, former_name FROM unnumbered
    UNION ALL
    SELECT u.later OR p.later, u.born, u.county, p.name, p.former_name
    FROM unnumbered AS u
    JOIN searched_place AS p ON p.body = u.body
),

named AS (
    SELECT later, born, county, 'current' AS kind, name FROM called
    UNION ALL
    SELECT later, born, county, 'former', former_name FROM called
)

SELECT n.born, left(k.written, 1) AS surname, n.county, n.kind, n.name, bool_and(n.later) AS later
FROM named AS n
JOIN name_keys AS k ON k.name = n.name
GROUP BY ALL;
