-- When those who decide last looked at each household: the later of its admission and its last assessment. What lay
-- before that day lay before them, and is not held against it. Of a member
-- of whom it is not known, it may have been the last: nobody knows then when that day was.
CREATE OR REPLACE TEMP VIEW decided AS
SELECT scheme, household_id, CASE WHEN count(decided_on) = count(*) THEN max(decided_on) END AS decided_on
FROM ({listed})
GROUP BY scheme, household_id
