"""The pure core: facts and rules in, findings out; no clock, no database, no printing."""
