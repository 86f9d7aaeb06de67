-- The pairs of the blocks that are open, without those that an earlier rule has.
INSERT INTO candidate
WITH met AS (
    SELECT DISTINCT $left_row AS left_row, $right_row AS right_row
    FROM block_left AS l
    JOIN block_size AS size ON size.k = l.k
    JOIN block_right AS r ON r.k = l.k
    WHERE size.pairs <= $largest AND $distinct
)

SELECT left_row, right_row, $rule
FROM met
ANTI JOIN candidate USING (left_row, right_row);
