"""The desk in a browser: pages in, the desk's answers out; serves this machine alone, asks nothing of the network."""
