"""The store as a whole: made, copied, put back, looked over, and its log told."""
