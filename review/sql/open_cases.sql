-- A case for every household that has none: 2020-520102-000123 is year, county, and the next number free in both. Its
-- version is 1 once update_cases has been there.
INSERT INTO review_case (
    case_no, scheme, household_id, division, head_name, state, version, opened_night, last_changed_night, reopened_because
)
SELECT
    %(year)s || '-' || h.county || '-' || substr(
        CAST(
            1000000 + COALESCE(taken.newest, 0)
            + ROW_NUMBER() OVER (PARTITION BY h.county ORDER BY h.scheme, h.household_id) AS TEXT
        ),
        2
    ),
    h.scheme, h.household_id, h.division, h.head_name, 'opened', 0, %(night)s, %(night)s, '[]'
FROM (
    SELECT
        scheme,
        household_id,
        MIN(division) AS division,
        MIN(head_name) AS head_name,
        substr(MIN(division) || '000000', 1, 6) AS county
    FROM incoming_flag
    WHERE flag_id IN (SELECT flag_id FROM compared_flag WHERE case_id IS NULL)
    GROUP BY scheme, household_id
) AS h
LEFT JOIN (
    SELECT substr(case_no, 6, 6) AS county, MAX(CAST(substr(case_no, 13) AS INTEGER)) AS newest
    FROM review_case
    WHERE substr(case_no, 1, 4) = %(year)s
    GROUP BY substr(case_no, 6, 6)
) AS taken ON taken.county = h.county
