"""Where SQL runs: DuckDB or Spark, and the lake of Delta tables they read."""
