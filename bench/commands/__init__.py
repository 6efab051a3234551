"""Whole commands, from the start of the process to its end: each module measures some and tells of them."""
