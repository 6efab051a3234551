"""An official sheet that came in, handed back: what the store knows better, and what is still lacking."""
