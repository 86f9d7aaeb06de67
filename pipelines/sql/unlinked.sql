-- The near-poor whom no link ties to a roster: people who may be left out, and whom the protect rules ask about.
CREATE OR REPLACE TEMP VIEW unlinked AS
SELECT listed.*
FROM listed_near_poor AS listed
ANTI JOIN (SELECT type, row_key FROM links WHERE type IN ({registers})) USING (type, row_key);
