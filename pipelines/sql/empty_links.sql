-- What is linked otherwise than plainly. The rules read all links, from the view `links`.
CREATE OR REPLACE TABLE reasoned_links (
    type VARCHAR, role VARCHAR, row_key VARCHAR, delivery_id VARCHAR, person_id BIGINT, reason VARCHAR,
    weight DOUBLE, probability DOUBLE, name_level VARCHAR, contradiction VARCHAR
);
CREATE OR REPLACE TABLE possible_links AS FROM reasoned_links;
CREATE OR REPLACE TABLE kept_people (
    person_id BIGINT, scheme VARCHAR, household_id VARCHAR, member_id VARCHAR, type VARCHAR, row_key VARCHAR
);
