-- What is left: likely enough but not ahead of the next is ambiguous, what is less likely only possible.
INSERT INTO decided
SELECT
    left_row,
    right_row,
    CASE WHEN probability >= $match THEN '$ambiguous' ELSE '$possible' END,
    weight,
    probability
FROM open_pair;
