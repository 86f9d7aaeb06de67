-- The as-of rows of {type} that are linked to a watched person for one of {reasons}; a person with two memberships
-- comes twice, and a record for several months once for each. The evidence only points at the record: what it said is
-- fetched for flagged records alone (shown.sql).
CREATE OR REPLACE TEMP VIEW {view} AS
SELECT record.*{renamed}, link.person_id, link.scheme, link.household_id, link.member_id, link.role,
       link.reason AS link_reason, {evidence} AS evidence
FROM {rows} AS record
JOIN {links} AS link
  ON link.type = '{type}' AND link.row_key = record.row_key AND link.delivery_id = record.delivery_id
WHERE link.reason IN ({reasons});
