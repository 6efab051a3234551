"""Signing in on a page: the door, one's own account, and the accounts that an administrator keeps."""
