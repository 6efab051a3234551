"""What tests are given: people, stores, keys."""
