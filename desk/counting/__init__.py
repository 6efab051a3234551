"""Figures of a period: who is counted, from records or in columns."""
