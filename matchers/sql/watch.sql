-- What the people watched are looked for by: their numbers as 18 and as 15 digits, and every name they go by.
CREATE OR REPLACE TEMP TABLE watched_number AS
SELECT number, person_id, id_verdict = 'sound' AS roster_sound, FALSE AS short
FROM people
WHERE number IS NOT NULL
UNION ALL
SELECT substr(number, 1, 6) || substr(number, 9, 9), person_id, id_verdict = 'sound', TRUE
FROM people
WHERE substr(number, 7, 2) = '19';

CREATE OR REPLACE TEMP TABLE watched_name AS
SELECT DISTINCT person_id, kind, name
FROM (
    SELECT person_id, 'current' AS kind, name FROM person_memberships
    UNION ALL
    SELECT person_id, 'former' AS kind, former_name FROM person_memberships
)
WHERE name IS NOT NULL;
