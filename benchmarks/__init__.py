"""Benchmarks: hedui next to other tools, with the same inputs, in one run."""
