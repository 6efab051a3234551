"""Taking a file in, again and by pairs, and giving it out."""
