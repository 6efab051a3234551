"""Lists in layouts made from parts, with known truth, and how much of them is read right."""
