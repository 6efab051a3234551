"""Pages that answer, in a real browser."""
