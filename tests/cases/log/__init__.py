"""The log: its clock, anchors, verification, and what is taken back by it."""
