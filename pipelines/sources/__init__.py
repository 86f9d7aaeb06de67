"""Sources: where extracts are pulled from when a department does not bring them to the inbox itself."""
