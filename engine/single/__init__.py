"""One case evaluated: by durable-rules, and by closures."""
