-- Pairs of memberships with one number and compatible names, both ways round; and for each membership the first of them.
CREATE OR REPLACE TEMP TABLE same_person AS
WITH keyed AS (
    SELECT s.place, s.number, s.kind, k.* FROM shared_name AS s JOIN name_keys AS k ON k.name = s.name
)
SELECT DISTINCT l.place AS place, r.place AS other
FROM keyed AS l
JOIN keyed AS r ON r.number = l.number AND r.place <> l.place
WHERE $name_rank IS NOT NULL;

CREATE OR REPLACE TEMP TABLE first_place AS
SELECT place, min(other) AS first
FROM (SELECT place, other FROM same_person UNION ALL SELECT place, place FROM shared_membership)
GROUP BY place;
