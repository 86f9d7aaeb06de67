-- Every place on the rosters: what the night links to, with the other name that the household register declares for the
-- same number and a name that sounds alike: the former one, or the present one where the roster still has the former.
CREATE OR REPLACE TABLE place AS
WITH roster AS (
    {listed}
),

entry AS (
    SELECT id_number, name, former_name
    FROM household_register
    WHERE id_number_verdict = 'sound' AND former_name IS NOT NULL
),

declared AS (
    SELECT id_number, name AS known_as, former_name AS other_name FROM entry
    UNION ALL
    SELECT id_number, former_name, name FROM entry
)

SELECT r.*, min(d.other_name) AS former_name
FROM roster AS r
LEFT JOIN name_keys AS k ON k.name = r.name
LEFT JOIN (SELECT d.*, k.pinyin FROM declared AS d JOIN name_keys AS k ON k.name = d.known_as) AS d
    ON d.id_number = r.id_number AND d.pinyin = k.pinyin
GROUP BY ALL;
