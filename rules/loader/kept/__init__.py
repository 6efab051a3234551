"""What was read from the rule files, kept so that the next command need not read them again; thrown away freely."""
