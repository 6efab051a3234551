"""The store: its tables, reading them, and the one door through which they are written."""
