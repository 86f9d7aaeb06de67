"""From the inbox to typed rows: land, conform, check, and the receipt that settles a delivery."""
