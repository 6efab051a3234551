"""Indicators counted over populations, by unit and period, with their controls."""
