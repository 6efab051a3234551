"""Tests of the rosters that offices keep."""
