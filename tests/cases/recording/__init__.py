"""Recording day by day."""
