"""Who may sign in: accounts, each with a role and a division prefix."""
