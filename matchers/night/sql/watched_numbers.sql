-- reads: $wanted, people, name_keys
-- makes: watched_number
-- The numbers of the people watched as 18 and as 15 digits, as far as they are wanted, with the name that most records
-- repeat letter for letter, if nothing in it is hidden.
CREATE OR REPLACE TABLE watched_number AS
WITH wanted AS (
    SELECT DISTINCT body FROM ($wanted) AS bodies WHERE body IS NOT NULL
),

numbered AS (
    SELECT p.number, p.person_id, p.id_verdict = 'sound' AS roster_sound, k.name AS whole_name, $birth_and_sex
    FROM people AS p
    JOIN wanted AS w ON w.body = left(p.number, 17)::BIGINT
    LEFT JOIN name_keys AS k ON k.name = p.name AND k.clear IS NOT NULL
)

SELECT *, FALSE AS short FROM numbered
UNION ALL BY NAME
SELECT * REPLACE (substr(number, 1, 6) || substr(number, 9, 9) AS number), TRUE AS short
FROM numbered
WHERE substr(number, 7, 2) = '19';
