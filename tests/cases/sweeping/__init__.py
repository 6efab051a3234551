"""Large stores in columns."""
