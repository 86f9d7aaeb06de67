-- Tonight's register lines of flagged households. Gone when the publication ends.
CREATE TEMPORARY TABLE incoming_member (
    scheme TEXT NOT NULL,
    household_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    facts TEXT NOT NULL,
    facts_hash TEXT NOT NULL
)
