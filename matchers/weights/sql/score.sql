-- The probability is the weight's, as log2 odds; its bounds keep the power finite.
CREATE OR REPLACE TEMP TABLE scored AS
WITH weighed AS (
    SELECT p.left_row, p.right_row, w.weight + $frequency_bits AS weight
    FROM $table AS p
    JOIN pattern_weight AS w ON $same_pattern
    JOIN prepared_left AS l ON l.row = p.left_row
    JOIN prepared_right AS r ON r.row = p.right_row
    $frequency_joins
)

SELECT left_row, right_row, weight, 1 / (1 + pow(2, -greatest(least(weight, 200), -200))) AS probability
FROM weighed
