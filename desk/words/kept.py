"""What a face of the program says of itself, kept like what was read from the rule files."""

from __future__ import annotations

from rules.loader.kept.copies import kept as kept
