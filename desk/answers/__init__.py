"""Answers about people and findings: who is overdue, what comes next, what is new."""
