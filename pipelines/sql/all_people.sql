-- The people of all rounds, for the rules.
CREATE TABLE person_memberships AS FROM kept_people;
DROP TABLE kept_people;
