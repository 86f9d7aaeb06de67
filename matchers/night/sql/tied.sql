-- Records that something ties to a household, with the household: its address; its group on the sender's own list, in
-- which another is certainly linked; a parent's, spouse's or guardian's number; or a relative's number used for their own.
CREATE OR REPLACE TEMP TABLE tied AS
WITH home AS (
    SELECT DISTINCT person_id, scheme, household_id FROM person_memberships
)

SELECT DISTINCT l.record, p.scheme, p.household_id
FROM left_key AS l
JOIN right_key AS p ON p.address = l.address
UNION
SELECT o.record, h.scheme, h.household_id
FROM asked_record AS o
JOIN tie AS t ON t.type = o.type AND t.role = o.role AND t.household = o.household
JOIN home AS h ON h.person_id = t.person_id
UNION
SELECT o.record, h.scheme, h.household_id
FROM (
    SELECT record, unnest(relatives) AS number FROM asked_record
    UNION ALL
    SELECT record, id_number FROM asked_record WHERE entry IN ('conflict', 'contradicted')
) AS o
JOIN watched_number AS w ON w.number = o.number
JOIN home AS h ON h.person_id = w.person_id;
