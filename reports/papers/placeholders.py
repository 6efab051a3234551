"""What may stand in braces in the texts of a form: a word of the report, a figure, a ratio, a breakdown, a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.statistics.references import ANY, Term, terms

WORDS = (
    *("from", "to", "as_of", "unit", "parent", "symbol", "period", "term", "year"),
    *("officials_above", "other_units", "to_other_units", "communes"),
)
"""Placeholders that are no figures."""

_BRACES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One pair of braces, read: which of its kinds it is, and the figures it names."""

    text: str
    kind: str
    """`word`, `figure`, `percent`, `ratio`, `classes` (of a breakdown), `values` (of a dimension) or `who`."""
    above: tuple[Term, ...] = ()
    below: tuple[Term, ...] = ()
    breakdown: str | None = None
    dimension: str | None = None


def read(text: str) -> Placeholder:
    """Read what stands in one pair of braces; raises `BadInput`."""
    if text in WORDS:
        return Placeholder(text, "word")
    if text.endswith(".*"):
        return Placeholder(text, "classes", breakdown=text.removesuffix(".*"))
    if text.endswith(".who"):
        return Placeholder(text, "who", terms(text.removesuffix(".who")))
    percent = text.endswith("%")
    above, slash, below = text.removesuffix("%").partition("/")
    if slash:
        return Placeholder(text, "ratio", terms(above), terms(below))
    figures = terms(above)
    for term in figures:
        for dimension, values in term.reference.restrictions:
            if values == (ANY,):
                return Placeholder(text, "values", figures, dimension=dimension)
    return Placeholder(text, "percent" if percent else "figure", figures)


def placeholders(text: str) -> list[Placeholder]:
    """All placeholders of a text; raises `BadInput`."""
    return [read(inside) for inside in _BRACES.findall(text)]


def pieces(text: str) -> list[str | Placeholder]:
    """A text cut at its placeholders."""
    parts = _BRACES.split(text)
    return [read(part) if number % 2 else part for number, part in enumerate(parts) if number % 2 or part]
