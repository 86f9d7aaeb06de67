-- One row a person, described by the best place, with the address that goes with its division.
CREATE OR REPLACE TABLE found_person AS
SELECT
    p.person_id AS record_id, p.id_number, p.id_verdict, p.name, p.former_name, p.birth_date, p.sex, p.division,
    any_value(l.address) AS address
FROM people AS p
JOIN person_memberships AS m ON m.person_id = p.person_id AND m.division = p.division
JOIN place AS l USING (scheme, household_id, member_id)
GROUP BY ALL;
