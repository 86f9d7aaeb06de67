-- The rows of one side whose number the other side has too; or may have, where one of the two is damaged.
-- Reads raw_$side, numbers_$side, numbers_$other, proposed_number; makes shared_number_$side.
CREATE OR REPLACE TEMP TABLE shared_number_$side AS
WITH mine AS (
    SELECT t.row, n.upgraded AS number, n.cleaned AS value
    FROM raw_$side AS t
    JOIN numbers_${side}_$number AS n ON n.raw = t.$number
)

SELECT row FROM mine SEMI JOIN numbers_${other}_$number AS n ON n.upgraded = mine.number
UNION
SELECT row FROM mine SEMI JOIN proposed_number AS p ON p.candidate = mine.number
UNION
SELECT row FROM mine SEMI JOIN proposed_number AS p ON p.value = mine.value;
