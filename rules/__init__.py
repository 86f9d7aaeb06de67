"""What a flag says: one SQL file a rule, and the dated policy they read."""
