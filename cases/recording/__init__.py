"""Recording day by day: one person, one step, one correction at a time; what is impossible, what is unusual."""
