-- What was found, one row a ground (rule, scheme, household, member, record_key, period), with the day each claim is about.
CREATE OR REPLACE TEMP TABLE person_of_found AS
SELECT listed.*
FROM ({listed}) AS listed
SEMI JOIN found ON found.scheme = listed.scheme AND found.household_id = listed.household_id;
CREATE OR REPLACE TEMP TABLE ground AS
WITH together AS (
    SELECT rule, scheme, household_id, member_id, record_key, period,
           any_value(rule_version) AS rule_version, any_value(direction) AS direction, max(severity) AS severity,
           max(amount) AS amount, max(claim_on) AS claim_on, max(ground_on) AS ground_on,
           first(counted ORDER BY severity DESC, reason_zh, reason_en) AS counted,
           flatten(list(evidence)) AS evidence,
           first({{'zh': reason_zh, 'en': reason_en}} ORDER BY severity DESC, reason_zh, reason_en) AS reason
    FROM found
    GROUP BY ALL
), headed AS (
    -- A household whose register names no head goes by its first member.
    SELECT scheme, household_id, first(name ORDER BY is_head DESC, member_id) AS head_name,
           first(division ORDER BY is_head DESC, member_id) AS division
    FROM person_of_found
    GROUP BY ALL
)
SELECT together.* EXCLUDE (claim_on), coalesce(together.claim_on, decided.decided_on) AS claim_on, decided.decided_on,
       headed.head_name, headed.division,
       left(sha256(concat_ws('|', together.rule, together.scheme, together.household_id, coalesce(together.member_id, ''),
                             together.record_key, coalesce(together.period, ''))), 32) AS flag_id
FROM together
JOIN headed ON headed.scheme = together.scheme AND headed.household_id = together.household_id
LEFT JOIN decided ON decided.scheme = together.scheme AND decided.household_id = together.household_id;
-- Up to which day each type is known where each flagged household lives.
CREATE OR REPLACE TEMP TABLE covered AS
SELECT place.division, coverage.type, coverage.until
FROM (SELECT DISTINCT division FROM ground) AS place
JOIN coverage ON left(place.division, length(coverage.division)) = coverage.division
QUALIFY row_number() OVER (PARTITION BY place.division, coverage.type ORDER BY length(coverage.division) DESC) = 1;
