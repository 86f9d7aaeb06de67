"""What hedui's linking is worth beside what else one could use: the same inputs, one run, side by side."""
