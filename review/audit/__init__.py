"""The audit log: append-only, each line sealed to the one before it."""
