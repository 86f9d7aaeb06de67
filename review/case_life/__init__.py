"""The life of a case: one table of steps, who may take each, and what must hold first."""
