-- reads: $memberships, $later
-- makes: searched_place
-- The places that any round of the night watches, this one's and the later ones', with the 17 digits that a sound number
-- turns on and the birth date in it. `agrees`: nothing beside the number says otherwise than it.
CREATE OR REPLACE TEMP VIEW searched_place AS
SELECT
    * EXCLUDE (sex), $born_by AS number_born,
    coalesce(born = $born_by, TRUE) AND coalesce(sex = $sex_by, TRUE) AS agrees
FROM (
    SELECT
        later, id_number, id_verdict, name, former_name, $born AS born, $sex AS sex,
        division, left(division, 6) AS county, $body AS body
    FROM (
        SELECT FALSE AS later, id_number, id_verdict, name, former_name, birth_date, sex, division FROM $memberships
        UNION ALL
        SELECT TRUE, id_number, id_verdict, name, former_name, birth_date, sex, division FROM $later
    ) AS placed
) AS numbered;
