-- reads: shared_name, first_of_name, name_keys, shared_membership
-- makes: alike_place, ambiguous_place, first_of_person
-- Pairs of memberships with one number that may be one person, both ways round: some names of theirs are compatible (those
-- of memberships with one name count for all of them), and nothing else contradicts. Under a name of which a part is hidden
-- another birth year does.
CREATE OR REPLACE TEMP TABLE alike_place AS
WITH called AS (
    SELECT DISTINCT f.first, s.number, s.kind, s.name FROM shared_name AS s JOIN first_of_name AS f ON f.place = s.place
),

keyed AS (
    SELECT c.first, c.number, c.kind, k.* FROM called AS c JOIN name_keys AS k ON k.name = c.name
),

agreed AS (
    SELECT l.first AS first, r.first AS other, min($name_rank) AS rank
    FROM keyed AS l
    JOIN keyed AS r ON r.number = l.number
    GROUP BY ALL
),

placed AS (
    SELECT m.place, m.number, m.known_born, m.known_sex, f.first
    FROM shared_membership AS m
    JOIN first_of_name AS f ON f.place = m.place
)

SELECT l.place AS place, r.place AS other
FROM placed AS l
JOIN placed AS r ON r.number = l.number AND r.place <> l.place
JOIN agreed AS a ON a.first = l.first AND a.other = r.first
WHERE
    a.rank IS NOT NULL
    AND NOT $contradicts
    AND NOT (a.rank = $hidden AND coalesce(l.known_born // 10000 <> r.known_born // 10000, FALSE));

-- Who may be one person with two who may not be one with each other stands apart: nobody knows which. All others then fall
-- into groups in which everybody may be one with everybody. Memberships that say the same are looked at once.
CREATE OR REPLACE TEMP TABLE ambiguous_place AS
WITH said AS (
    SELECT place, min(place) OVER (PARTITION BY number, name, former_name, known_born, known_sex) AS first
    FROM shared_membership
),

alike AS (
    SELECT a.place, a.other
    FROM alike_place AS a
    JOIN said AS l ON l.place = a.place AND l.first = l.place
    JOIN said AS r ON r.place = a.other AND r.first = r.place
),

ambiguous AS (
    SELECT DISTINCT one.place
    FROM alike AS one
    JOIN alike AS two ON two.place = one.place AND two.other > one.other
    WHERE NOT EXISTS (FROM alike AS a WHERE a.place = one.other AND a.other = two.other)
)

SELECT s.place FROM said AS s WHERE s.first IN (FROM ambiguous);

CREATE OR REPLACE TEMP TABLE first_of_person AS
SELECT place, min(other) AS first
FROM (
    SELECT place, other
    FROM alike_place
    WHERE place NOT IN (FROM ambiguous_place) AND other NOT IN (FROM ambiguous_place)
    UNION ALL
    SELECT place, place FROM shared_membership
)
GROUP BY place;
