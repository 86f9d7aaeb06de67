"""What each command does, one module for each; imported when the command is called."""
