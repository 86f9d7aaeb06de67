-- People whom the register no longer lists in a household it does list.
DELETE FROM review_member
WHERE case_id IN (
        SELECT c.id
        FROM review_case AS c
        JOIN incoming_member AS i ON i.scheme = c.scheme AND i.household_id = c.household_id
    )
    AND NOT EXISTS (
        SELECT 1
        FROM review_case AS c
        JOIN incoming_member AS i ON i.scheme = c.scheme AND i.household_id = c.household_id
        WHERE c.id = review_member.case_id AND i.member_id = review_member.member_id
    )
