"""Commands that keep the store, its users and what is private."""
