"""Changes as values: what they are, what they would do, how they are shown and written."""
