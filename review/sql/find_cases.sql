-- The cases of new flags, as far as their households have one.
UPDATE standing_flag SET case_id = c.id
FROM review_case AS c
WHERE standing_flag.case_id IS NULL
    AND c.scheme = standing_flag.scheme
    AND c.household_id = standing_flag.household_id
