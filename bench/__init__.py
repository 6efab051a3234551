"""Measuring scripts: populations of any size, our evaluators and their peers in one run."""

import datetime as dt

AS_OF = dt.date(2025, 3, 31)
"""The day on which the invented cases are looked at."""
