"""What a night was made of: program, rule book, policy and rows in use."""
