-- Every place on a register, its own row as evidence: with an exact link, or an upgraded one where the register still
-- carries the 15-digit number. The evidence is made when it is asked for: it would take as much room again.
CREATE OR REPLACE TEMP VIEW membership AS
SELECT *, {{'type': type, 'role': CASE type {roles} END, 'row_key': row_key,
           'link_reason': CASE verdict WHEN 'sound_15' THEN '{sound_15}' ELSE '{sound}' END}} AS evidence
FROM place
