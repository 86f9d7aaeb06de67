"""The rules that make flags: one SQL file for each, and the dated policy they read."""
