-- reads: person_memberships, open_record, record_key, person_key
-- makes: rows
-- The paper is the same (a passport, a permit, a soldier's number), the names are compatible, and nothing that the record
-- states contradicts. Under a name of which a part is hidden the birth date is the same too; under the same birth date
-- a name in letters may have its parts the other way round.
WITH held AS (
    SELECT person_id, $paper_key AS paper, $stated_born AS born, $stated_sex AS sex
    FROM person_memberships
    WHERE id_verdict = 'paper'
),

met AS (
    SELECT o.record, w.person_id, coalesce(o.born = w.born, FALSE) AS same_birth
    FROM (SELECT *, $paper_key AS paper FROM open_record WHERE id_verdict = 'paper') AS o
    JOIN held AS w ON w.paper = o.paper
    WHERE coalesce(o.born = w.born, TRUE) AND coalesce(o.sex = w.sex, TRUE) AND NOT $other_birth_on_paper
),

named AS (
    SELECT
        m.record, m.person_id, m.same_birth, min($name_rank) AS rank,
        bool_or(
            r.clear <> '' AND NOT regexp_matches(r.clear, '[^A-Z]')
            AND list_sort(string_split(r.clear, '')) = list_sort(string_split(p.clear, ''))
        ) AS turned
    FROM met AS m
    JOIN record_key AS r ON r.record = m.record
    JOIN person_key AS p ON p.person_id = m.person_id
    GROUP BY ALL
)

SELECT record, person_id, coalesce(rank, $variant) AS rank, FALSE AS doubtful
FROM named
WHERE CASE WHEN rank IS NULL THEN turned AND same_birth ELSE rank <> $hidden OR same_birth END
