-- Tonight's register lines of flagged households: who they are, and the hash of what they say. Gone when the publication
-- ends.
CREATE TEMPORARY TABLE incoming_member (
    position INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    household_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    facts_hash TEXT NOT NULL
)
