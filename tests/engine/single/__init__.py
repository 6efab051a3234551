"""The rules over one case."""
