"""The judge of what is recorded: what contradicts what, and what is to be asked before it is written."""
