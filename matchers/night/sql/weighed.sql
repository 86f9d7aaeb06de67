-- What the best pairs say of records that are not linked yet. A link is likely enough, well ahead of the next, the only
-- one of that name there, and does not give a person two different sound numbers.
CREATE OR REPLACE TEMP TABLE judged AS
WITH open_pair AS (
    SELECT
        b.*, l.sound, ($names_agree) AS names_agree, left(l.number.read, 17) AS body, t.namesakes,
        CASE WHEN t.namesakes = 0 AND t.close_by THEN $match_alone ELSE $match END AS enough
    FROM best_pair AS b
    JOIN prepared_left AS l ON l.row = b.pair.left
    JOIN compared AS c ON c.left_row = b.pair.left AND c.right_row = b.pair.right
    LEFT JOIN thin_pair AS t ON t.record = b.record AND t.person_id = b.person_id
    WHERE b.probability >= $least AND b.record NOT IN (SELECT record FROM weighed WHERE reason IN ('probabilistic', 'household'))
),

led AS (
    SELECT *, probability >= enough AND lead >= $margin AND names_agree AND coalesce(namesakes, 0) = 0 AS leads
    FROM open_pair
),

numbers AS (
    SELECT person_id FROM led WHERE leads AND sound GROUP BY person_id HAVING count(DISTINCT body) > 1
)

SELECT
    record, person_id, weight, probability, pair,
    CASE
        WHEN leads AND NOT (sound AND person_id IN (FROM numbers)) THEN '$reason'
        WHEN names_agree AND probability >= enough THEN '$ambiguous'
        ELSE '$possible'
    END AS reason
FROM led;

DELETE FROM weighed WHERE record IN (SELECT record FROM judged WHERE reason = '$reason');

INSERT INTO weighed
SELECT record, person_id, reason, weight, probability, pair
FROM judged
WHERE
    (reason = '$reason' OR record NOT IN (SELECT j.record FROM judged AS j WHERE j.reason = '$reason'))
    AND (record, person_id) NOT IN (SELECT (w.record, w.person_id) FROM weighed AS w);
