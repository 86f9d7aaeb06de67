-- What the household adds: links, and where it only raises a doubt, nothing that was there is lost.
-- Reads decided; adds to link_row.
DELETE FROM link_row USING decided AS d
WHERE
    link_row.left_row = d.left_row AND link_row.right_row = d.right_row
    AND d.reason = '$probabilistic' AND link_row.reason <> '$conflict';

INSERT INTO link_row
SELECT d.left_row, d.right_row, '$household', d.weight, d.probability
FROM decided AS d
ANTI JOIN link_row AS k ON k.left_row = d.left_row AND k.right_row = d.right_row
WHERE d.reason = '$probabilistic'
