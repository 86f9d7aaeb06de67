-- Tonight's flags as they arrive, as much of each as it takes to tell what is to be done about it. Gone when the
-- publication ends.
CREATE TEMPORARY TABLE incoming_flag (
    flag_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    direction TEXT NOT NULL,
    scheme TEXT NOT NULL,
    household_id TEXT NOT NULL,
    division TEXT NOT NULL,
    head_name TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    sources_hash TEXT NOT NULL
)
