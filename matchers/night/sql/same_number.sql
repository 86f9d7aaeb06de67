-- reads: open_record, watched_number, person_memberships, record_key, person_key, decided
-- makes: same_number, elsewhere, compatible, open_number
-- The records with a person's sound number, and how far they contradict the person in birth date and sex: by what they
-- state themselves, which makes it another's record; or only by what the number says of its owner, which leaves in doubt
-- whose it is.
CREATE OR REPLACE TEMP TABLE same_number AS
SELECT
    o.record, w.person_id, w.short OR NOT w.roster_sound AS upgraded, coalesce(o.name = w.whole_name, FALSE) AS identical,
    $contradicts AS contradicted, $other_year AS other_year, $known_contradicts AS in_doubt, $known_other_year AS year_in_doubt,
    $other_birth AS other_birth, coalesce($slipped_birth, FALSE) AS slipped, $other_sex AS other_sex, o.born IS NOT NULL AND NOT other_birth AS same_birth, o.division
FROM open_record AS o
JOIN watched_number AS w ON w.number = o.id_number
WHERE o.id_verdict IN ('sound', 'sound_15');

-- Those from another city than every place of the person, of whom that may matter. By itself it does not: who has a record
-- in another city works there.
CREATE OR REPLACE TEMP TABLE elsewhere AS
SELECT m.record, m.person_id
FROM same_number AS m
JOIN person_memberships AS p ON p.person_id = m.person_id
WHERE m.division IS NOT NULL AND (m.other_birth OR NOT m.identical)
GROUP BY m.record, m.person_id
HAVING bool_and(left(p.division, 4) <> left(m.division, 4));

-- Those whose names are compatible, and who are not contradicted so far that they are another's. A name of which a part is
-- hidden may be anybody's of that surname: under it another sex is enough, or another birth year or day. Under a whole
-- name it takes birth date and sex, or a wholly different birth date in another city: a common name is soon the same.
CREATE OR REPLACE TEMP TABLE compatible AS
WITH named AS (
    SELECT *, 1 AS rank FROM same_number WHERE identical AND NOT contradicted
    UNION ALL BY NAME
    SELECT m.*, min($name_rank) AS rank
    FROM same_number AS m
    JOIN record_key AS r ON r.record = m.record
    JOIN person_key AS p ON p.person_id = m.person_id
    WHERE NOT m.identical AND NOT m.contradicted
    GROUP BY ALL
),

placed AS (
    SELECT
        n.*, n.rank = $hidden AS hidden, e.record IS NOT NULL AS elsewhere
    FROM named AS n
    LEFT JOIN elsewhere AS e ON e.record = n.record AND e.person_id = n.person_id
    WHERE n.rank IS NOT NULL
)

SELECT
    record, person_id, upgraded, rank, in_doubt OR (hidden AND year_in_doubt) AS doubtful,
    CASE WHEN other_birth THEN '$by_birth_date' WHEN other_sex THEN '$by_sex' WHEN hidden AND elsewhere THEN '$by_place' END AS contradiction
FROM placed
WHERE
    NOT (other_birth AND NOT slipped AND elsewhere)
    AND NOT (hidden AND (other_year OR other_sex OR (other_birth AND NOT slipped)));

CREATE OR REPLACE TEMP VIEW open_number AS
FROM same_number
WHERE NOT EXISTS (FROM decided WHERE decided.record = same_number.record);
