-- Whether a true pair whose numbers do not say it carries enough to tell it, and if not, why. The rivals are everybody
-- of the household register who is called the same and lives as near to the record's division as the true person does
-- (or at its very address), with the same birth date where the record has one.
CREATE OR REPLACE TEMP TABLE telling AS
WITH mute AS (
    SELECT
        t.left_id, t.right_id, n.numbers, l.division AS home, r.division, r.address, r.birth_date, r.normal,
        r.address = l.address AS at_home,
        CASE
            WHEN r.division = l.division THEN 12
            WHEN left(r.division, 9) = left(l.division, 9) THEN 9
            WHEN left(r.division, 6) = left(l.division, 6) THEN 6
            WHEN left(r.division, 4) = left(l.division, 4) THEN 4
            ELSE 2
        END AS near,
        CASE
            WHEN r.normal IS NULL OR regexp_matches(r.normal, '[*?]') THEN 'hidden'
            WHEN r.normal = l.normal THEN 'equal'
            WHEN r.pinyin = l.pinyin THEN 'sound'
            ELSE 'other'
        END AS names,
        r.birth_date IS NOT NULL AND r.birth_date = l.birth_date AS born_alike
    FROM true_pair AS t
    JOIN number_state AS n USING (left_id, right_id)
    JOIN left_row AS l ON l.record_id = t.left_id
    JOIN right_row AS r ON r.record_id = t.right_id
    WHERE n.numbers <> 'equal'
),

rival AS (
    SELECT m.left_id, m.right_id, count(*) AS rivals
    FROM mute AS m
    JOIN population AS p ON p.normal = m.normal
        AND left(p.division, m.near) = left(m.division, m.near)
        AND (NOT m.at_home OR p.address = m.address)
        AND (m.birth_date IS NULL OR p.birth_date = m.birth_date)
    WHERE p.record_id NOT IN (SELECT o.right_id FROM own_entry AS o WHERE o.left_id = m.left_id)
    GROUP BY ALL
)

SELECT
    m.left_id, m.right_id, m.numbers, m.names, m.near, coalesce(v.rivals, 0) AS rivals,
    CASE
        WHEN m.names IN ('equal', 'sound') AND m.numbers = 'damaged' THEN 'enough: what is left of the number, and the name'
        WHEN m.names = 'equal' AND coalesce(v.rivals, 0) > 0 THEN 'not enough: nobody can tell the namesakes apart'
        WHEN m.names = 'equal' AND m.near = 12 THEN 'enough: the only one of that name in the village'
        WHEN m.names = 'equal' THEN 'enough: the only one of that name as near'
        WHEN m.names = 'sound' AND (m.born_alike OR m.at_home) THEN 'enough: a name of the same sound, birth date or address'
        WHEN m.born_alike AND m.at_home THEN 'enough: birth date and address, the name hidden or another'
        WHEN m.names = 'hidden' THEN 'not enough: the name is hidden too'
        ELSE 'not enough: the name is another too'
    END AS telling
FROM mute AS m
LEFT JOIN rival AS v USING (left_id, right_id)
