"""The report forms: their definitions as data, filled from figures."""
