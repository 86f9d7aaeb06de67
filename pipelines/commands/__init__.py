"""What each command does, one module a command; imported when the command is called."""
