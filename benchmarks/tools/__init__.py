"""The tools side by side: each module's `link` reads a task's prepared tables and writes the links it finds."""
