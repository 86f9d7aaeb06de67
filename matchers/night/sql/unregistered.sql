-- reads: round_birth, numbered_record
-- makes: unnumbered_birth, unnumbered_county, unregistered_name
-- A sound number on no register is unregistered. It may yet be that of somebody without a usable number, born on that day
-- and of that surname, if the county is the same too, or the names are compatible. Without this, what is weighed
-- grows with the square of the province.
CREATE OR REPLACE TEMP TABLE unnumbered_birth AS
SELECT born, surname, bool_or(county IS NULL) AS anywhere FROM round_birth GROUP BY born, surname;

CREATE OR REPLACE TEMP TABLE unnumbered_county AS
SELECT DISTINCT born, surname, county FROM round_birth WHERE county IS NOT NULL;

-- The names of records with unregistered numbers of such a birth date and surname.
CREATE OR REPLACE TEMP TABLE unregistered_name AS
SELECT DISTINCT a.born, u.surname, a.name, a.former_name
FROM numbered_record AS a
JOIN unnumbered_birth AS u ON u.born = a.born AND u.surname = left(a.name, 1);
