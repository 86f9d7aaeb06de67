-- A night's flags for the review's benchmark, in the shape the rules hand them over. Household h has one to four of them;
-- the first divisions have more households than the last, the first rules more flags.
CREATE OR REPLACE TABLE night_flag AS
WITH numbered AS (
    SELECT
        n,
        CASE
            WHEN n < $cases THEN n
            WHEN n < $cases * 8 // 5 THEN (n * 7) % ($cases * 3 // 5)
            ELSE (n * 7) % ($cases // 5)
        END AS h,
        (n * 2654435761) % 1000003 / 1000003.0 AS u
    FROM range($flags) AS t (n)
), placed AS (
    SELECT
        n,
        h,
        u,
        lpad(h::VARCHAR, 8, '0') AS household,
        floor($villages * pow((h * 40503) % 500009 / 500009.0, 1.4))::BIGINT AS village_place,
        floor($rules * pow(u, 2))::BIGINT AS rule_place
    FROM numbered
), named AS (
    SELECT placed.*, village.code AS division, rule.name AS rule
    FROM placed
    JOIN village ON village.place = village_place
    JOIN rule ON rule.place = rule_place
)
SELECT
    n,
    md5(concat_ws('|', rule, household, n)) AS flag_id,
    rule,
    '1' AS rule_version,
    '2020.1' AS policy_version,
    CASE
        WHEN rule IN ('unprotected_poor', 'supplement_missing', 'medical_hardship', 'buffer_entitled') THEN 'protect'
        WHEN rule = 'control_sample' THEN 'control'
        ELSE 'doubt'
    END AS direction,
    1 + n % 3 AS severity,
    CASE WHEN h % 20 = 0 THEN 'tekun' ELSE 'dibao' END AS scheme,
    household AS household_id,
    household || '-' || (1 + n % 4) AS member_id,
    division,
    ['张', '李', '王', '欧阳', '罗', '杨', '陈', '吴'][1 + h % 8] || ['芳', '伟', '秀英', '建国', '丽', '强'][1 + h % 6] AS head_name,
    ['张', '李', '王', '欧阳', '罗', '杨', '陈', '吴'][1 + n % 8] || ['芳', '伟', '秀英', '建国', '丽', '强'][1 + n % 6] AS member_name,
    '529901' || strftime(DATE '1940-01-01' + ((n * 37) % 25000)::INTEGER, '%Y%m%d') || lpad((n % 9999)::VARCHAR, 4, '0')
        AS member_id_number,
    'motor_vehicle:' || n AS record_key,
    '2020-10' AS period,
    ((n * 31) % 900000 / 100)::DECIMAL(18, 2) AS amount,
    '家庭成员名下登记有小型客车一辆，登记日期在本次核对之前，号牌见依据' AS reason_zh,
    'a member of the household holds a passenger car, registered before this check; see the evidence' AS reason_en,
    CASE WHEN u < 0.9 THEN 'exact' WHEN u < 0.95 THEN 'repaired' ELSE 'probabilistic' END AS link_reason,
    CASE WHEN u < 0.9 THEN 1 WHEN u < 0.95 THEN 0.95 ELSE 0.9 END::DECIMAL(3, 2) AS confidence,
    '[{"type": "motor_vehicle", "role": "owner", "row_key": "' || n || '|02", "delivery_id": "20201028-1", '
        || '"delivery_date": "2020-10-28", "row_number": ' || n || ', "link_reason": "exact", "row_hash": "'
        || md5(n::VARCHAR) || '", "facts": {"brand": "五菱", "plate_number": "贵A·' || n % 99999 || '"}}]' AS evidence,
    md5('as first seen' || n) AS evidence_hash
FROM named
