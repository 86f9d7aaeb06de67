"""What keeps a night from running or makes it late, and who is told."""
