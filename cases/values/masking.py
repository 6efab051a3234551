"""Sensitive values: which facts of a case are shown only where somebody asks for them."""

from __future__ import annotations

from functools import cache

from rules.loader import vocabulary


@cache
def sensitive() -> frozenset[str]:
    """The facts whose values stay out of every message, marked so in the vocabulary."""
    return vocabulary.load().sensitive
