"""The stages of the night, and the command line."""
