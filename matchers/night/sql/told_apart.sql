-- reads: told_apart, prefiltered
-- makes: rows of prefiltered, linked_record
-- A record that names several people, as one for each; itself is not looked at. What it says of one of them is nobody's.
INSERT INTO prefiltered
SELECT $columns
FROM (
    SELECT
        p.* REPLACE (
            t.name AS name, t.id_number AS id_number, t.id_verdict AS id_verdict, NULL::VARCHAR AS former_name,
            NULL::DATE AS birth_date, NULL::VARCHAR AS sex, NULL::VARCHAR AS phone, NULL::VARCHAR[] AS relatives
        )
    FROM told_apart AS t
    JOIN prefiltered AS p ON p.rowid = t.record
) AS one;

INSERT INTO linked_record SELECT DISTINCT record FROM told_apart;
