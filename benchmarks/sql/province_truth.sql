-- Every true pair of a record and a person; a person's two places that nothing ties together are two people here, and
-- either is right.
SELECT DISTINCT m.person_id::VARCHAR AS left_id, concat_ws(' ', t.type, t.role, t.row_key) AS right_id, t.identity
FROM true_link AS t
JOIN person_memberships AS m
    ON m.scheme = t.scheme AND m.household_id = t.household AND m.member_id = t.member
JOIN right_row AS r ON r.record_id = concat_ws(' ', t.type, t.role, t.row_key)
