-- reads: numbered_membership
-- makes: rows
-- How many identities two memberships have. A membership that is listed twice has its own both times.
WITH again AS (
    SELECT own_id FROM numbered_membership GROUP BY own_id HAVING count(*) > 1
),

listed AS (
    SELECT DISTINCT own_id, scheme, household_id, member_id FROM numbered_membership SEMI JOIN again USING (own_id)
)

SELECT count(*) FROM (SELECT own_id FROM listed GROUP BY own_id HAVING count(*) > 1)
