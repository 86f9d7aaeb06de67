"""What a night reports: its own report, data quality, metrics and even-handedness."""
