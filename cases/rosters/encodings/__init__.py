"""Text of the time before Unicode: which cells are of an old encoding, and what they say."""
