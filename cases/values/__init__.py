"""What is said of people: plain records and typed figures; refusals, and the one writer of files; the floor of this house."""
