"""What the rules are held against: the acts that end a waiting, and the values of the law written a second time."""
