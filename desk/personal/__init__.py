"""What a person may ask of whoever keeps her data: all of it in one file, and that it goes for ever."""
