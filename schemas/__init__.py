"""The catalogue: one folder for each department, one contract for each information type."""
