-- reads: unmatched, likely_pair, people, $namesakes, weighed
-- makes: judged; rows of weighed
-- What the likely pairs of one reason say of records that are not linked yet. A link is likely enough, well ahead of the
-- next, the only one of that name there, does not contradict the person in birth date and sex, and does not give a person
-- two different sound numbers.
CREATE OR REPLACE TEMP TABLE judged AS
WITH record AS (
    -- A sound number that is nobody's tells what the record does not state; one that is another's does not.
    SELECT
        record, coalesce($born, CASE WHEN entry = 'unregistered' THEN $born_by END) AS born,
        coalesce($sex, CASE WHEN entry = 'unregistered' THEN $sex_by END) AS sex
    FROM (SELECT rowid AS record, *, $body AS body FROM unmatched) AS numbered
),

limited AS (
    SELECT
        l.* REPLACE (l.names_agree AND NOT $contradicts AS names_agree), coalesce(n.namesakes, 0) AS namesakes,
        CASE WHEN n.namesakes = 0 AND n.close_by THEN $match_alone ELSE $match END AS enough
    FROM likely_pair AS l
    JOIN record AS o ON o.record = l.record
    JOIN people AS w ON w.person_id = l.person_id
    LEFT JOIN $namesakes AS n ON n.record = l.record AND n.person_id = l.person_id
    WHERE
        l.reason = '$reason'
        AND l.record NOT IN (SELECT weighed.record FROM weighed WHERE reason IN ($likely_reasons))
),

led AS (
    SELECT *, probability >= enough AND lead >= $margin AND names_agree AND namesakes = 0 AS leads FROM limited
),

numbers AS (
    SELECT person_id FROM led WHERE leads AND sound GROUP BY person_id HAVING count(DISTINCT body) > 1
)

SELECT
    record, person_id, weight, probability, name_level,
    CASE
        WHEN leads AND NOT (sound AND person_id IN (FROM numbers)) THEN '$reason'
        WHEN names_agree AND probability >= enough THEN '$ambiguous'
        ELSE '$possible'
    END AS reason
FROM led;

DELETE FROM weighed WHERE record IN (SELECT record FROM judged WHERE reason = '$reason');

INSERT INTO weighed
SELECT record, person_id, reason, weight, probability, name_level
FROM judged
WHERE
    (reason = '$reason' OR record NOT IN (SELECT j.record FROM judged AS j WHERE j.reason = '$reason'))
    AND (record, person_id) NOT IN (SELECT (w.record, w.person_id) FROM weighed AS w);
