"""The strict reader of the law: every mistake with file, line and hint."""
