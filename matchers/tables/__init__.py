"""Any two tables, or one with itself, by a spec of the user: `hedui link` and `hedui evaluate`."""
