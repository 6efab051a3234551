"""Keeping the store whole: copies, backups, restoring, and the doctor."""
