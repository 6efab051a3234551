"""Whole stores, provinces, Parquet: evaluated in columns, in bounded memory."""
