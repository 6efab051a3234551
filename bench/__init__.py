"""Measuring scripts: populations of any size, our evaluators and their peers in one run."""
