"""Accounts: who signs in, and what she may do."""
