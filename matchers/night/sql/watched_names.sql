-- reads: person_memberships, name_keys
-- makes: watched_name, person_key
-- Every name a person goes by on any register, and its keys.
CREATE OR REPLACE TABLE watched_name AS
SELECT DISTINCT person_id, kind, name
FROM (
    SELECT person_id, 'current' AS kind, name FROM person_memberships
    UNION ALL
    SELECT person_id, 'former' AS kind, former_name FROM person_memberships
)
WHERE name IS NOT NULL;

CREATE OR REPLACE TEMP VIEW person_key AS
SELECT n.person_id, n.kind, k.* FROM watched_name AS n JOIN name_keys AS k ON k.name = n.name;
