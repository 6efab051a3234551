"""Encryption at rest: every door of an encrypted store, what a key is and where, and kills in the midst of it."""
