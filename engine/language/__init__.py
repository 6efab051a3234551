"""The language of conditions: scanned, parsed to one typed tree, its clocks and its wording."""
