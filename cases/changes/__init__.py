"""Changes to records: steps, corrections, courses, moves, typed figures, made ready for the one door."""
