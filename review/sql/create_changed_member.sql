-- The register lines to be written, copied here first. Gone when the publication ends.
CREATE TEMPORARY TABLE changed_member (
    case_id BIGINT NOT NULL,
    member_id TEXT NOT NULL,
    facts_hash TEXT NOT NULL,
    facts JSONB NOT NULL
)
