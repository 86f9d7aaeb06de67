"""Where SQL runs: DuckDB, and the lake of Delta tables it reads."""
