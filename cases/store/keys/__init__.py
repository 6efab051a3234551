"""The key of an encrypted store: how it is wrapped, where it is carried, and which of them this process has opened."""
