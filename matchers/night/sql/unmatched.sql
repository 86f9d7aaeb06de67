-- reads: unlinked_record, decided, prefiltered, unnumbered_person, watched_number, roster_candidate, record_key, name_keys
-- makes: weighable, unlikely_unregistered; rows of unmatched, household_link
-- What the certain stages did not link, for the weighing: records without a usable number; sound numbers that are on no
-- register (only for people who have none); and numbers that are another's, by name or by the record's own birth date: such a
-- number is no better than a damaged one.
CREATE OR REPLACE TEMP TABLE weighable AS
SELECT
    r.record,
    CASE
        WHEN r.id_verdict = 'sound' AND strftime(r.birth_date, '%Y%m%d') <> substr(r.id_number, 7, 8) THEN 'contradicted'
        WHEN d.reason IN ($conflict_reasons) THEN 'conflict'
        WHEN r.id_verdict NOT IN ('sound', 'sound_15') THEN 'unnumbered'
        ELSE 'unregistered'
    END AS entry
FROM unlinked_record AS r
LEFT JOIN (SELECT record, min(reason) AS reason FROM decided GROUP BY record) AS d ON d.record = r.record
WHERE (d.reason IS NULL OR d.reason IN ($conflict_reasons)) AND r.name IS NOT NULL;

-- Many share a birth date and a surname: an unregistered number may be such a person's only if the names are compatible too, or the county
-- is the same, or the number is almost somebody's. Without this, what is weighed grows with the square of the province.
CREATE OR REPLACE TEMP TABLE unlikely_unregistered AS
WITH unregistered AS (
    SELECT
        r.rowid AS record, r.id_number, left(r.id_number, 6) AS issued_in, left(r.division, 6) AS lives_in,
        CASE WHEN r.id_verdict = 'sound' THEN substr(r.id_number, 7, 8) ELSE '19' || substr(r.id_number, 7, 6) END AS born,
        left(r.name, 1) AS surname
    FROM prefiltered AS r
    WHERE r.rowid IN (SELECT record FROM weighable WHERE entry = 'unregistered')
),

alike AS (
    SELECT s.record, u.kind, u.name, coalesce(u.county IN (s.issued_in, s.lives_in), u.county IS NULL) AS near
    FROM unregistered AS s
    JOIN unnumbered_person AS u ON u.born = s.born AND u.surname = s.surname
),

likely AS (
    SELECT record FROM unregistered
    WHERE id_number IN (SELECT number FROM watched_number UNION ALL SELECT candidate FROM roster_candidate)
    UNION ALL
    SELECT record FROM alike WHERE near
    UNION ALL
    SELECT a.record
    FROM alike AS a
    JOIN record_key AS r ON r.record = a.record
    JOIN (SELECT called.kind, k.* FROM unnumbered_person AS called JOIN name_keys AS k ON k.name = called.name) AS p
        ON p.name = a.name AND p.kind = a.kind
    WHERE NOT a.near AND ($name_rank) IS NOT NULL
)

SELECT record FROM unregistered WHERE record NOT IN (FROM likely);

INSERT INTO unmatched
SELECT
    r.type, r.role, r.row_key, r.delivery_id, r.id_number, r.id_verdict, r.name, r.former_name,
    r.birth_date, r.sex, r.division, r.address, r.phone, r.household, r.relatives, e.entry, e.record
FROM prefiltered AS r
JOIN weighable AS e ON e.record = r.rowid
WHERE r.rowid NOT IN (FROM unlikely_unregistered);

-- Who of a sender's own household is certainly linked, of those that are not settled by number.
INSERT INTO household_link
SELECT DISTINCT r.type, r.role, r.household, d.person_id
FROM decided AS d
JOIN prefiltered AS r ON r.rowid = d.record
WHERE d.reason IN ($certain_reasons) AND r.household IS NOT NULL;
