"""What is filled from answers and kept of them: report forms, papers, receipts."""
