"""What is said of people: plain records, figures, refusals; the one writer of files; the floor of this house."""
