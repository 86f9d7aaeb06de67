SELECT
    r.*,
    CASE
        WHEN r.id_verdict IN ('blank', 'placeholder') THEN NULL
        -- What a spreadsheet or a cut-off field left (5.29901E+17) is equal for thousands of strangers.
        WHEN length(r.id_number) < 14 THEN NULL
        ELSE coalesce(s.upgraded, r.id_number)
    END AS number,
    k.normal,
    k.pinyin,
    f.normal AS former_normal,
    strftime(coalesce(r.birth_date, s.birth), '%Y-%m-%d') AS born
FROM {relation} AS r
LEFT JOIN sound_number AS s ON s.id_number = r.id_number AND r.id_verdict LIKE 'sound%'
LEFT JOIN name_keys AS k ON k.name = r.name
LEFT JOIN name_keys AS f ON f.name = r.former_name
