"""What a sweep runs on: Polars, DuckDB, Spark."""
