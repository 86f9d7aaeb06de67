"""Identity: ID numbers, names, and the stages that link records to people."""
