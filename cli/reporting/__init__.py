"""Commands for figures, forms, papers, lists and receipts."""
