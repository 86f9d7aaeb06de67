-- What the damaged numbers of the register may have been, as 18 digits and as a record may still have them, as 15.
CREATE OR REPLACE TEMP TABLE roster_candidate AS
SELECT person_id, candidate, candidate AS number FROM found_candidates
UNION ALL
SELECT person_id, substr(candidate, 1, 6) || substr(candidate, 9, 9), candidate
FROM found_candidates
WHERE substr(candidate, 7, 2) = '19';
