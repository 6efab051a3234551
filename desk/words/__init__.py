"""The words that every face of the program shares: labels, citations, headings, how days are written."""
