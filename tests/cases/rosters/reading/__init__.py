"""Rows, columns and cells of lists as they are read."""
