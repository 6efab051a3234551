"""The log as plain values: what a change is, and the chain that holds one entry to the next."""
