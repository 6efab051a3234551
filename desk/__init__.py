"""The desk: what a user asks or changes, answered by joining cases, engine and reports."""
