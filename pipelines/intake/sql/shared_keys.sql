-- How many keys two lots of rows have, each, and in common. Keys are told apart by a hash: a few that are taken for one
-- another do not matter to a share.
WITH
    ours AS (SELECT DISTINCT hash({key}) AS key_hash FROM {new}),
    theirs AS (SELECT DISTINCT hash({key}) AS key_hash FROM {old})
SELECT
    (SELECT count(*) FROM ours),
    (SELECT count(*) FROM theirs),
    (SELECT count(*) FROM ours SEMI JOIN theirs USING (key_hash))
