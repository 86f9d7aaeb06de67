-- The rows of an increment, over its deliveries, that one delivered later has superseded. Only keys that come more than
-- once are put in order, and those are told by a hash, which takes the same little room for every key. Rows that were
-- read before a column of the key was in the contract are told apart by nothing: none of them supersedes another.
WITH told AS (
    SELECT {key}, delivery_id, row_number, hash({key}) AS key_hash
    FROM {rows}
    WHERE {key_known}
)
SELECT delivery_id, row_number
FROM told
SEMI JOIN (SELECT key_hash FROM told GROUP BY key_hash HAVING count(*) > 1) AS again USING (key_hash)
QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY (MAP {{{rank}}})[delivery_id] DESC, row_number DESC) > 1
