"""Who comes in, and by what."""
