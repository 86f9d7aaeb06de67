-- Counts of people by measure, attribute and group: one query over the as-of views, the night's links, its flags
-- ("night_flags") and the flags that people have decided ("decided_flags").
-- A flag that names no member is counted for the head of the household. A county is the place's own, the rest what the
-- roster says, else the household register.
WITH listed AS (
    {listed}
), watched AS (
    SELECT person_id, scheme, household_id, member_id FROM person_memberships
    SEMI JOIN (SELECT DISTINCT scheme FROM listed) USING (scheme)
), entered AS (
    SELECT place.scheme, place.household_id, place.member_id, min(entry.sex) AS sex, min(entry.birth_date) AS birth_date,
           min(entry.ethnicity) AS ethnicity, min(entry.residence_kind) AS area
    FROM household_register AS entry
    JOIN links AS link ON link.type = 'household_register' AND link.row_key = entry.row_key
                      AND link.delivery_id = entry.delivery_id AND link.reason IN ({accepted})
    JOIN watched AS place USING (person_id)
    GROUP BY ALL
), certified AS (
    SELECT place.scheme, place.household_id, place.member_id, min(certificate.level) AS level
    FROM disability_certificate AS certificate
    JOIN links AS link ON link.type = 'disability_certificate' AND link.row_key = certificate.row_key
                      AND link.delivery_id = certificate.delivery_id AND link.reason IN ({accepted})
    JOIN watched AS place USING (person_id)
    WHERE certificate.status IN ('valid', 'renewal')
    GROUP BY ALL
), described AS (
    SELECT listed.scheme, listed.household_id, listed.member_id, listed.status, listed.paid,
           datesub('year', coalesce(listed.birth_date, entered.birth_date), DATE '{night}') AS age,
           coalesce(listed.sex, entered.sex) AS sex, certified.level, coalesce(listed.ethnicity, entered.ethnicity) AS ethnicity,
           coalesce(listed.area, entered.area) AS area, left(listed.division, 6) AS county,
           row_number() OVER (PARTITION BY listed.scheme, listed.household_id
                              ORDER BY listed.is_head DESC, listed.member_id) = 1 AS answers
    FROM listed
    LEFT JOIN entered USING (scheme, household_id, member_id)
    LEFT JOIN certified USING (scheme, household_id, member_id)
), person AS (
    SELECT scheme, household_id, member_id, status, paid, answers,
           {{'all': 'all',
             'sex': CASE WHEN sex IN ('1', '2') THEN sex ELSE 'unknown' END,
             'age': CASE {bands} ELSE 'unknown' END,
             'disability': CASE WHEN level IN ('1', '2') THEN 'severe' WHEN level IS NOT NULL THEN 'other' ELSE 'none' END,
             'ethnicity': coalesce(ethnicity, 'unknown'),
             'area': coalesce(area, 'unknown'),
             'county': county}} AS groups
    FROM described
), head AS (
    SELECT scheme, household_id, member_id FROM person WHERE answers
), doubted AS (
    SELECT DISTINCT flag.scheme, flag.household_id, coalesce(flag.member_id, head.member_id) AS member_id, true AS hit
    FROM night_flags AS flag
    LEFT JOIN head USING (scheme, household_id)
    WHERE flag.direction = 'doubt'
), touched AS (
    SELECT scheme, household_id, bool_or(direction = 'control') AS drawn, bool_or(direction <> 'control') AS flagged
    FROM night_flags
    GROUP BY ALL
), decided AS (
    SELECT flag.scheme, flag.household_id, coalesce(flag.member_id, head.member_id) AS member_id, flag.direction,
           flag.confirmed
    FROM decided_flags AS flag
    LEFT JOIN head USING (scheme, household_id)
), counted AS (
    SELECT 'alert' AS measure, groups, coalesce(doubted.hit, false) AS hit
    FROM person
    LEFT JOIN doubted USING (scheme, household_id, member_id)
    WHERE paid
    UNION ALL
    -- The sample is drawn from the active dibao households that no other rule has flagged: each counts once, by its head.
    SELECT 'control', groups, coalesce(touched.drawn, false)
    FROM person
    LEFT JOIN touched USING (scheme, household_id)
    WHERE status = 'active' AND scheme = 'dibao' AND answers AND NOT coalesce(touched.flagged, false)
    UNION ALL
    SELECT CASE direction WHEN 'doubt' THEN 'confirmed' ELSE 'control_found' END,
           coalesce(person.groups, {{'all': 'all', 'sex': 'unknown', 'age': 'unknown', 'disability': 'unknown',
                                     'ethnicity': 'unknown', 'area': 'unknown', 'county': 'unknown'}}), confirmed
    FROM decided
    LEFT JOIN person USING (scheme, household_id, member_id)
    WHERE direction IN ('doubt', 'control')
), spread AS (
    SELECT measure, hit, unnest([
        {{'attribute': 'all', 'member': groups."all"}}, {{'attribute': 'sex', 'member': groups.sex}},
        {{'attribute': 'age', 'member': groups.age}}, {{'attribute': 'disability', 'member': groups.disability}},
        {{'attribute': 'ethnicity', 'member': groups.ethnicity}}, {{'attribute': 'area', 'member': groups.area}},
        {{'attribute': 'county', 'member': groups.county}}]) AS place
    FROM counted
)
SELECT measure, place.attribute AS attribute, place.member AS "group", count(*) FILTER (WHERE hit) AS count, count(*) AS of
FROM spread
GROUP BY ALL
ORDER BY ALL
