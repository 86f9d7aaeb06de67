"""What a night tells: its report, data quality, metrics and even-handedness."""
