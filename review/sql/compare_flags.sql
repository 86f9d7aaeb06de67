-- How each arriving flag stands to what is known:
--   new        never heard of
--   superseded  a later night has said more; only its first night can still move
--   changed    it says something else than before, or comes back after it was cleared
--   seen       nothing but the night is new
-- "rewrite" marks those whose own row and evidence must be written; a record re-delivered unchanged is one of them,
-- for its evidence names the newest delivery. The nights are those of before. An open flag that is seen again just as it
-- was is left out, for nothing is to be done about it: that is why a night costs what it changes.
CREATE TEMPORARY TABLE compared_flag AS
SELECT
    i.flag_id,
    i.scheme,
    i.household_id,
    f.case_id,
    CASE
        WHEN f.flag_id IS NULL THEN 'new'
        WHEN COALESCE(f.last_night, %(newest)s) > %(night)s THEN 'superseded'
        WHEN f.content_hash <> i.content_hash OR f.cleared_night <= %(night)s THEN 'changed'
        ELSE 'seen'
    END AS status,
    CASE
        WHEN f.flag_id IS NULL THEN 1
        WHEN COALESCE(f.last_night, %(newest)s) > %(night)s THEN 0
        WHEN f.content_hash <> i.content_hash OR f.sources_hash <> i.sources_hash THEN 1
        ELSE 0
    END AS rewrite,
    i.direction,
    f.first_night,
    f.last_night,
    f.cleared_night
FROM incoming_flag AS i
LEFT JOIN review_flag AS f ON f.flag_id = i.flag_id
WHERE f.flag_id IS NULL
    OR f.content_hash <> i.content_hash
    OR f.sources_hash <> i.sources_hash
    OR f.last_night IS NOT NULL
    OR f.first_night > %(night)s
