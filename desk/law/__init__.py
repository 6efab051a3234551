"""The law itself as answers: its rules in words, what differs between two documents, what is proven of them."""
