-- When those who decide last looked at each household: the later of its admission and its last assessment. What lay
-- before that day lay before them, and is not held against it.
CREATE OR REPLACE TEMP VIEW decided AS
SELECT scheme, household_id, max(decided_on) AS decided_on
FROM ({listed})
GROUP BY scheme, household_id
