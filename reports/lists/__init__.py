"""Lists and overviews to print: the overdue, the month, the limits in a calendar."""
