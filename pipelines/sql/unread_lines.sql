-- Whose lines are in quarantine (unread_token): people of the registers by their number, or by name and birth date; and on a
-- register of the household's own scheme by its number, as anybody's of the household.
WITH person AS (
    {people}
), found AS (
    SELECT unread_token.type, person.scheme, person.household_id, person.member_id
    FROM unread_token JOIN person ON person.id_number = unread_token.token
    UNION
    SELECT named.type, person.scheme, person.household_id, person.member_id
    FROM unread_token AS named
    JOIN person ON upper(person.name) = named.token
    JOIN unread_token AS dated
      ON dated.type = named.type AND dated.line = named.line AND dated.born = strftime(person.birth_date, '%Y%m%d')
    UNION
    SELECT unread_token.type, person.scheme, person.household_id, NULL
    FROM unread_token JOIN person ON person.household_id = unread_token.token
    WHERE person.scheme = CASE unread_token.type {of_rosters} END
)
SELECT DISTINCT type, scheme, household_id, member_id, NULL AS column_name FROM found
ORDER BY ALL
