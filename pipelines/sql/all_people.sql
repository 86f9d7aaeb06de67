-- The people of all rounds, for the rules.
DROP TABLE person_memberships;
CREATE TABLE person_memberships AS FROM kept_people;
