"""Commands that answer about people, units and the days ahead."""
