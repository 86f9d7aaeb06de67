"""Nights gone by: explained, replayed, run again and compared."""
