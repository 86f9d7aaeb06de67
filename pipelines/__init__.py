"""The night, one module a stage; and the command line."""
