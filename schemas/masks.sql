-- The masks of ``masks.py`` for SQL: of the same value they leave the same.
CREATE OR REPLACE TEMP MACRO mask_id(id_number) AS
    CASE WHEN length(id_number) IN {id_lengths} THEN left(id_number, {division}) || repeat('*', length(id_number) - {division})
         ELSE repeat('*', length(id_number)) END;
CREATE OR REPLACE TEMP MACRO surname_signs(name) AS
    CASE WHEN length(name) > 2 AND left(name, 2) IN {surnames} THEN 2 WHEN length(name) > 1 THEN 1 ELSE 0 END;
CREATE OR REPLACE TEMP MACRO mask_name(name) AS
    CASE WHEN length(name) > 1
         THEN left(name, surname_signs(name)) || regexp_replace(substr(name, surname_signs(name) + 1), '[^{dots}]', '*', 'g')
         ELSE repeat('*', length(name)) END;
CREATE OR REPLACE TEMP MACRO mask_number(serial) AS
    CASE WHEN regexp_matches(serial, '^{plate}$') THEN left(serial, 2) || '{hidden}' || right(serial, 1)
         WHEN length(serial) < {least} OR regexp_matches(serial, '{long_number}') THEN '{hidden}'
         ELSE '{hidden}' || right(serial, {kept}) END;
CREATE OR REPLACE TEMP MACRO mask_plate(serial) AS mask_number(serial);
