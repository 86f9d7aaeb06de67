-- reads: searched_place
-- makes: searched_home
-- By name, birth date and village, who has a sound number: a record that says the same under another sound number may be
-- theirs, whose number was corrected. `later`: nobody of the first round.
CREATE OR REPLACE TABLE searched_home AS
SELECT home, bool_and(later) AS later
FROM (SELECT later, $at_home AS home FROM searched_place WHERE body IS NOT NULL) AS placed
WHERE home IS NOT NULL
GROUP BY home;
