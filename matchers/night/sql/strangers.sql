-- A sound number that is nobody's is a stranger's. One may be meant who was born on the day of somebody without a usable
-- number and has that surname, if the county is the same too, or the names are compatible. Without this, what is weighed
-- grows with the square of the province.
CREATE OR REPLACE TEMP TABLE unnumbered_birth AS
SELECT born, surname, bool_or(county IS NULL) AS anywhere FROM birth_asked GROUP BY born, surname;

CREATE OR REPLACE TEMP TABLE unnumbered_near AS
SELECT DISTINCT born, surname, county FROM birth_asked WHERE county IS NOT NULL;

-- What strangers of such a birth date and surname are called.
CREATE OR REPLACE TEMP TABLE stranger_name AS
SELECT DISTINCT a.born, u.surname, a.name, a.former_name
FROM asked_record AS a
JOIN unnumbered_birth AS u ON u.born = a.born AND u.surname = left(a.name, 1);
