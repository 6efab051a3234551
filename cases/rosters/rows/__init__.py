"""What a row of a list says: dates, numbers, names, marks; settled into the draft of a person."""
