-- Members, not linked yet, of two households that an accepted link joins; two sound numbers that differ are two people.
-- Reads link_row and the members of both sides; makes household_pair.
CREATE OR REPLACE TEMP TABLE household_pair AS
WITH left_member AS ($left_member),

right_member AS ($right_member),

linked AS (SELECT left_row, right_row FROM link_row WHERE reason IN ($accepted)),

joined AS (
    SELECT DISTINCT l.household AS left_household, r.household AS right_household
    FROM linked AS k
    JOIN left_member AS l ON l.row = k.left_row
    JOIN right_member AS r ON r.row = k.right_row
)

SELECT l.row AS left_row, r.row AS right_row
FROM joined AS j
JOIN left_member AS l ON l.household = j.left_household
JOIN right_member AS r ON r.household = j.right_household
WHERE
    l.row NOT IN (SELECT left_row FROM linked)
    AND r.row NOT IN (SELECT right_row FROM linked)
    AND NOT coalesce(l.number <> r.number, FALSE)
