"""The invented province: people, deliveries with real dirt, planted cases, the truth."""
