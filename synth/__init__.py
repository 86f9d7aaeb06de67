"""The invented province: people, deliveries with realistic errors, planted cases, the truth."""
