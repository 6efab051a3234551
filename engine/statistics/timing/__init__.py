"""Where the time goes and what the coming months ask for: how long each step takes, what waits, what ends."""
