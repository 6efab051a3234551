"""Pages that write."""
