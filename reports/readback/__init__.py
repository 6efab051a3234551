"""Forms filled by hand, read back and held against the records."""
