"""The tables of a store, what is found in them and who sees what."""
