"""Rules made wrong on purpose: the examples must notice."""
