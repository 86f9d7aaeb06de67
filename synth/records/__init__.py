"""The base records: one module a department, each making its types' typed rows for given people."""
