"""Why two numbers about the same people differ: who is in one of them and not in the other, each with the reason."""
