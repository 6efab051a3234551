"""The desk: questions, answers, changes."""
