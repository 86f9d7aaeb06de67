-- The places that any round of the night watches, this one's and the later ones', with the 17 digits that a sound number
-- turns on and the birth date in it.
CREATE OR REPLACE TEMP VIEW asked_place AS
SELECT *, body // 1000 % 100000000 AS told
FROM (
    SELECT
        later, id_number, id_verdict, name, former_name, strftime(birth_date::DATE, '%Y%m%d')::BIGINT AS born,
        left(division, 6) AS county, $body AS body
    FROM (
        SELECT FALSE AS later, id_number, id_verdict, name, former_name, birth_date, division FROM $memberships
        UNION ALL
        SELECT TRUE, id_number, id_verdict, name, former_name, birth_date, division FROM $later
    ) AS placed
) AS numbered;
