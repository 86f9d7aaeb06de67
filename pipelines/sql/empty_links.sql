CREATE OR REPLACE TABLE links (
    type VARCHAR, role VARCHAR, row_key VARCHAR, delivery_id VARCHAR, person_id VARCHAR, reason VARCHAR,
    weight DOUBLE, probability DOUBLE, name_level VARCHAR
);
CREATE OR REPLACE TABLE possible_links AS FROM links;
CREATE OR REPLACE TABLE kept_people (
    person_id VARCHAR, scheme VARCHAR, household_id VARCHAR, member_id VARCHAR, type VARCHAR, row_key VARCHAR
);
