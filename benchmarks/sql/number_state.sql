-- What the two numbers of a pair say before anybody compares names.
CREATE OR REPLACE TEMP TABLE number_state AS
SELECT
    p.left_id, p.right_id,
    CASE
        WHEN l.id_verdict LIKE 'sound%' AND r.id_verdict LIKE 'sound%' AND l.number = r.number THEN 'equal'
        WHEN l.id_verdict LIKE 'sound%' AND r.id_verdict LIKE 'sound%' THEN 'different'
        WHEN l.number IS NULL OR r.number IS NULL THEN 'missing'
        ELSE 'damaged'
    END AS numbers
FROM (SELECT left_id, right_id FROM pair) AS p
JOIN left_row AS l ON l.record_id = p.left_id
JOIN right_row AS r ON r.record_id = p.right_id;
