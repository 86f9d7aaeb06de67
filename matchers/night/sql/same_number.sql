-- reads: open_record, watched_number, decided, record_key, person_key
-- makes: same_number, open_number, compatible
-- The records with a person's sound number, and how far they contradict the person in birth date and sex: by what they
-- state themselves, which makes it another's record; or only by what the number says of its owner, which leaves in doubt
-- whose it is.
CREATE OR REPLACE TEMP TABLE same_number AS
SELECT
    o.record, w.person_id, w.short OR NOT w.roster_sound AS upgraded, coalesce(o.name = w.whole_name, FALSE) AS identical,
    $contradicts AS contradicted, $other_year AS other_year, $known_contradicts AS in_doubt, $known_other_year AS year_in_doubt
FROM open_record AS o
JOIN watched_number AS w ON w.number = o.id_number
WHERE o.id_verdict IN ('sound', 'sound_15');

CREATE OR REPLACE TEMP VIEW open_number AS
FROM same_number
WHERE NOT EXISTS (FROM decided WHERE decided.record = same_number.record);

-- Those whose names are compatible, and who are not contradicted. A name of which a part is hidden may be anybody's of that
-- surname: under it another birth year is enough.
CREATE OR REPLACE TEMP VIEW compatible AS
SELECT record, person_id, upgraded, 1 AS rank, in_doubt AS doubtful
FROM open_number
WHERE identical AND NOT contradicted
UNION ALL
SELECT record, person_id, upgraded, rank, in_doubt OR (rank = $hidden AND year_in_doubt) AS doubtful
FROM (
    SELECT m.record, m.person_id, m.upgraded, m.other_year, m.in_doubt, m.year_in_doubt, min($name_rank) AS rank
    FROM open_number AS m
    JOIN record_key AS r ON r.record = m.record
    JOIN person_key AS p ON p.person_id = m.person_id
    WHERE NOT m.identical AND NOT m.contradicted
    GROUP BY ALL
) AS named
WHERE rank IS NOT NULL AND NOT (rank = $hidden AND other_year);
