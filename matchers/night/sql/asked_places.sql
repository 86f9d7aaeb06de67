-- The places that any round of the night watches, this one's and the later ones', with the 17 digits that a sound number
-- turns on and the birth date in it.
CREATE OR REPLACE TEMP VIEW asked_place AS
SELECT
    later, id_number, id_verdict, name, former_name, strftime(birth_date::DATE, '%Y%m%d') AS born, left(division, 6) AS county,
    $body AS body,
    CASE id_verdict WHEN 'sound' THEN substr(id_number, 7, 8) WHEN 'sound_15' THEN '19' || substr(id_number, 7, 6) END AS told
FROM (
    SELECT FALSE AS later, id_number, id_verdict, name, former_name, birth_date, division FROM $memberships
    UNION ALL
    SELECT TRUE, id_number, id_verdict, name, former_name, birth_date, division FROM $later
);
