"""The two walls around every household: the scoped manager here, row-level security in PostgreSQL."""
