-- One row a person, described by the best place, with the address that goes with its division.
CREATE OR REPLACE TABLE found_person AS
WITH best AS (
    SELECT *
    FROM person_memberships
    QUALIFY row_number() OVER (
        PARTITION BY person_id
        ORDER BY number IS NULL, id_verdict <> 'sound', scheme, household_id, member_id, type, row_key
    ) = 1
)

SELECT
    p.person_id::VARCHAR AS record_id, p.id_number, p.id_verdict, p.name, p.former_name, p.birth_date, p.sex, p.division,
    any_value(l.address) AS address
FROM best AS p
JOIN person_memberships AS m ON m.person_id = p.person_id AND m.division = p.division
JOIN place AS l ON l.scheme = m.scheme AND l.household_id = m.household_id AND l.member_id = m.member_id
GROUP BY ALL;
