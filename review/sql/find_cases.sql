-- The cases of new flags, as far as their households have one.
UPDATE compared_flag SET case_id = c.id
FROM review_case AS c
WHERE compared_flag.case_id IS NULL
    AND c.scheme = compared_flag.scheme
    AND c.household_id = compared_flag.household_id
