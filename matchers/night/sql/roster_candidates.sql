-- reads: person_candidate, people
-- makes: roster_candidate
-- What the damaged numbers of the register may have been, as 18 digits and as a record may still have them, as 15.
CREATE OR REPLACE TEMP TABLE roster_candidate AS
WITH found AS (
    SELECT p.person_id, c.candidate AS number, $birth_and_sex FROM person_candidate AS c JOIN people AS p ON p.person_id = c.person_id
)

SELECT *, number AS candidate FROM found
UNION ALL
SELECT *, substr(number, 1, 6) || substr(number, 9, 9) FROM found WHERE substr(number, 7, 2) = '19';
