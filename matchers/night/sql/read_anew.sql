-- reads: read_anew, prefiltered
-- makes: rows of prefiltered, linked_record
-- Records whose cells were read anew, as one for each person in them; they themselves are not looked at. Of several people,
-- what the record says of one is nobody's.
INSERT INTO prefiltered
SELECT $columns
FROM (
    SELECT
        p.* REPLACE (
            t.name AS name, t.id_number AS id_number, t.id_verdict AS id_verdict,
            CASE WHEN NOT $several THEN p.former_name END AS former_name,
            CASE WHEN NOT $several THEN p.birth_date END AS birth_date, CASE WHEN NOT $several THEN p.sex END AS sex,
            CASE WHEN NOT $several THEN p.phone END AS phone, CASE WHEN NOT $several THEN p.relatives END AS relatives
        )
    FROM read_anew AS t
    JOIN prefiltered AS p ON p.rowid = t.record
) AS one;

INSERT INTO linked_record SELECT DISTINCT record FROM read_anew;
