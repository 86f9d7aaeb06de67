-- The registered poor whom no link ties to a roster: people who may be left out, and whom the protect rules ask about.
CREATE OR REPLACE TEMP VIEW membership_near_poor AS
SELECT *
FROM membership_registered_poor
WHERE row_key NOT IN (SELECT row_key FROM links WHERE type = 'registered_poor');
