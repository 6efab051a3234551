"""Rows of the tables as they are written: which columns there are, and a plan carried out on them."""
