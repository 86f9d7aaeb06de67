-- What the people watched are looked for by: every name they go by, and their numbers as 18 and as 15 digits, with the
-- name that most records repeat letter for letter, if nothing in it is hidden.
CREATE OR REPLACE TEMP VIEW person_key AS
SELECT n.person_id, n.kind, k.* FROM watched_name AS n JOIN name_keys AS k ON k.name = n.name;

CREATE OR REPLACE TABLE watched_number AS
WITH numbered AS (
    SELECT p.number, p.person_id, p.id_verdict = 'sound' AS roster_sound, k.name AS plain_name
    FROM people AS p
    LEFT JOIN name_keys AS k ON k.name = p.name AND k.clear IS NOT NULL
    WHERE p.number IS NOT NULL
)

SELECT *, FALSE AS short FROM numbered
UNION ALL BY NAME
SELECT * REPLACE (substr(number, 1, 6) || substr(number, 9, 9) AS number), TRUE AS short
FROM numbered
WHERE substr(number, 7, 2) = '19';
