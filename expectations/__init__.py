"""From contract to Great Expectations suite, and the gate a delivery must pass."""
