"""The kinds of file that hold tables and are no text, each read as sheets of text cells."""
