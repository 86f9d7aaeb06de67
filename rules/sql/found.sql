-- What the rules of a night found, before it is grouped into flags; and what the records they point at said.
CREATE OR REPLACE TEMP TABLE found (
    rule VARCHAR, rule_version VARCHAR, direction VARCHAR, severity INTEGER, scheme VARCHAR, household_id VARCHAR NOT NULL,
    member_id VARCHAR, record_key VARCHAR NOT NULL, period VARCHAR, amount DECIMAL(18, 2),
    reason_zh VARCHAR NOT NULL, reason_en VARCHAR NOT NULL,
    evidence STRUCT(type VARCHAR, "role" VARCHAR, row_key VARCHAR, link_reason VARCHAR)[], claim_on DATE, ground_on DATE,
    counted STRUCT(member_id VARCHAR, counts BOOLEAN, zh VARCHAR, en VARCHAR)[]
);
CREATE OR REPLACE TEMP TABLE shown (
    type VARCHAR, row_key VARCHAR, delivery_id VARCHAR, delivery_date DATE, row_number BIGINT, row_hash VARCHAR,
    facts JSON
);
-- The households that a rule has spoken of: control rules run last and draw from the others.
CREATE OR REPLACE TEMP VIEW flagged AS SELECT DISTINCT scheme, household_id FROM found;
