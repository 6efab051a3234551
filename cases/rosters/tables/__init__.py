"""The tables of a sheet: where they stand, which of their rows are persons, what heads those rows."""
