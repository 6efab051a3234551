"""Backups, kills and hard times."""
