"""What would stop or delay a night, and the alerts about it."""
