-- The next round makes its own person_memberships: keep those of this one.
INSERT INTO kept_people BY NAME
SELECT person_id, scheme, household_id, member_id, type, row_key FROM person_memberships;
