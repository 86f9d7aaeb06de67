-- What a flagged record of {type} said on the night, and the hash of it.
INSERT INTO shown
SELECT '{type}', record.row_key, record.delivery_id, record.delivery_date, record.row_number,
       {hash}, to_json({facts})
FROM {type} AS record
SEMI JOIN (SELECT unnest(evidence, recursive := true) FROM found) AS seen
  ON seen.type = '{type}' AND seen.row_key = record.row_key;
