"""What becomes of a list: rows taken, asked about or refused, matched with the store."""
