"""The log used: replayed to a past day, taken back, verified, told, and answers kept with receipts."""
