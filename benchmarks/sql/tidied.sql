SELECT
    r.*,
    CASE
        WHEN r.id_verdict IN ('blank', 'placeholder') THEN NULL
        ELSE coalesce(s.upgraded, r.id_number)
    END AS number,
    k.normal,
    k.pinyin,
    strftime(coalesce(r.birth_date, s.birth), '%Y-%m-%d') AS born
FROM {relation} AS r
LEFT JOIN sound_number AS s ON s.id_number = r.id_number AND r.id_verdict LIKE 'sound%'
LEFT JOIN name_keys AS k ON k.name = r.name
