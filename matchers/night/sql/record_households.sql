-- reads: person_memberships, household_link, watched_number, unmatched
-- makes: record_household, linked_household
-- Records that may be of a household's member, with the household: by its address; its group on the sender's own list, in
-- which another is certainly linked; a parent's, spouse's or guardian's number; or a relative's number used for their own.
CREATE OR REPLACE TABLE record_household AS
WITH numbered AS (
    SELECT rowid AS record, * FROM unmatched
),

home AS (
    SELECT DISTINCT person_id, scheme, household_id FROM person_memberships
)

SELECT o.record, p.scheme, p.household_id
FROM numbered AS o
JOIN person_memberships AS p ON p.address = o.address
UNION
SELECT o.record, h.scheme, h.household_id
FROM numbered AS o
JOIN household_link AS t ON t.type = o.type AND t.role = o.role AND t.household = o.household
JOIN home AS h ON h.person_id = t.person_id
UNION
SELECT o.record, h.scheme, h.household_id
FROM (
    SELECT record, unnest(relatives) AS number FROM numbered
    UNION ALL
    SELECT record, id_number FROM numbered WHERE entry IN ('conflict', 'contradicted')
) AS o
JOIN watched_number AS w ON w.number = o.number
JOIN home AS h ON h.person_id = w.person_id;

CREATE OR REPLACE TABLE linked_household AS SELECT DISTINCT scheme, household_id FROM record_household;
