-- reads: shared_name, name_keys, shared_membership
-- makes: same_name, first_of_name
-- Pairs of memberships with one number and one name, both ways round: their names are the same folded, the present ones or
-- former ones, and birth date and sex do not both contradict. For each membership the first of them.
CREATE OR REPLACE TEMP TABLE same_name AS
WITH named AS (
    SELECT s.place, s.number, k.clear, m.known_born, m.known_sex
    FROM shared_name AS s
    JOIN name_keys AS k ON k.name = s.name AND k.clear IS NOT NULL
    JOIN shared_membership AS m ON m.place = s.place
)

SELECT DISTINCT l.place AS place, r.place AS other
FROM named AS l
JOIN named AS r ON r.number = l.number AND r.clear = l.clear AND r.place <> l.place
WHERE NOT $contradicts;

CREATE OR REPLACE TEMP TABLE first_of_name AS
SELECT place, min(other) AS first
FROM (SELECT place, other FROM same_name UNION ALL SELECT place, place FROM shared_membership)
GROUP BY place;
