"""What is said of people: plain records, typed figures, names and their order; the floor of this house."""
