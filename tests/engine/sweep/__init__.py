"""The rules over columns."""
