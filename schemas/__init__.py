"""The catalogue: one folder a department, one contract an information type."""
