"""Screens that write: files taken in, changes made, papers and backups; each shows first what it would do."""
