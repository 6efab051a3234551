"""Commands for the store as a whole: import, export, log, backups, merging."""
