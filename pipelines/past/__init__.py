"""Past nights: explained, replayed, run again and compared."""
