"""Commands that record one thing about one person or course."""
