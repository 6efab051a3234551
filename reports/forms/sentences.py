"""Texts of a form with their figures filled in."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from engine.statistics.references import UNKNOWN, Reference, Term
from reports.forms.model import Number
from reports.forms.numbers import NOT_KNOWN, grouped, in_prose, plain
from reports.forms.occasion import Occasion
from reports.papers.placeholders import Placeholder, pieces
from rules.loader import populations as populations_loader

LONGEST_LIST = 40
"""So many names are written out in a sentence; the list behind the figure has them all."""


def filled(text: str, occasion: Occasion, digits: int) -> str:
    """A text with its placeholders filled in."""
    return filled_with_figures(text, occasion, digits)[0]


def filled_with_figures(text: str, occasion: Occasion, digits: int) -> tuple[str, list[tuple[str, Number]]]:
    """A text filled in, and the figures that stand in it, each with its label."""
    written, figures = list[str](), list[tuple[str, Number]]()
    for piece in pieces(_without_nothing(text, occasion)):
        if isinstance(piece, str):
            written.append(piece)
        elif piece.kind == "word":
            written.append(occasion.word(piece.text))
        elif piece.kind == "classes":
            written.append(_classes(piece, occasion, figures))
        elif piece.kind == "values":
            written.append(_values(piece, occasion, figures))
        elif piece.kind == "who":
            written.append(_who(piece, occasion))
        else:
            written.append(_figure(piece, occasion, digits, figures))
    return "".join(written), figures


_OPTIONAL = re.compile("<([^<>]+)>")


def _without_nothing(text: str, occasion: Occasion) -> str:
    """A text without the parts in angle brackets whose first figure is zero: nobody writes of no committees at all."""

    def kept(match: re.Match[str]) -> str:
        inside = match.group(1)
        first = next(piece for piece in pieces(inside) if not isinstance(piece, str))
        return "" if occasion.figure(first.above, occasion.unit).value == 0 else inside

    return _OPTIONAL.sub(kept, text)


def _figure(piece: Placeholder, occasion: Occasion, digits: int, figures: list[tuple[str, Number]]) -> str:
    if piece.kind == "ratio":
        above, below = (occasion.figure(parts, occasion.unit).value for parts in (piece.above, piece.below))
        number = _ratio(above, below, digits)
        occasion.number(piece.above, occasion.unit, digits)
    else:
        number = occasion.number(piece.above, occasion.unit, digits)
        if piece.kind == "percent":
            number = replace(number, percent=True)
    label = occasion.label(piece.above)
    if piece.kind != "figure":
        _note_ratio(occasion, piece, number, label)
    figures.append((f"{label} (%)" if piece.kind == "ratio" else label, number))
    if piece.kind == "figure" or number.fraction is None:
        return in_prose(number)
    part, whole = number.fraction
    return f"{plain(part)}/{plain(whole)} = {in_prose(number)}"


def _ratio(above: int | Fraction | None, below: int | Fraction | None, digits: int) -> Number:
    if not isinstance(above, int) or not isinstance(below, int) or not below:
        return Number(None, digits, percent=True)
    return Number(Fraction(100 * above, below), digits, percent=True, fraction=(above, below))


def _note_ratio(occasion: Occasion, piece: Placeholder, number: Number, label: str) -> None:
    """A ratio above 100 is said to be one of different sets, unless it compares with a target."""
    if piece.above[0].reference.name.endswith("target_ratio"):
        return
    if number.value is not None and number.value > 100:
        occasion.not_within[label] = None


def _joined(found: list[tuple[str, Number]]) -> str:
    known = [(label, number) for label, number in found if number.value]
    return ", ".join(f"{label[:1].lower()}{label[1:]} {in_prose(number)}" for label, number in known) or "không có"


def _classes(piece: Placeholder, occasion: Occasion, figures: list[tuple[str, Number]]) -> str:
    """The classes of a breakdown in which there is anybody."""
    texts = occasion.ledger.indicators.texts
    names = [name for name in texts if name.startswith(f"{piece.breakdown}.")]
    found = [(texts[name].label, occasion.number((Term(1, Reference(name)),), occasion.unit, None)) for name in names]
    figures.extend(found)
    return _joined(found)


def _values(piece: Placeholder, occasion: Occasion, figures: list[tuple[str, Number]]) -> str:
    """A figure for every value of a dimension in which there is anybody."""
    dimension = populations_loader.dimensions()[str(piece.dimension)]
    codes = populations_loader.load()["cases"].vocabulary.codes[str(dimension.codes)]
    found = []
    for value, label in (*codes.items(), (UNKNOWN, "chưa rõ")):
        parts = tuple(
            replace(term, reference=replace(term.reference, restrictions=_with(term.reference, dimension.name, value)))
            for term in piece.above
        )
        found.append((label, occasion.number(parts, occasion.unit, None)))
    figures.extend(found)
    return _joined(found)


def _with(reference: Reference, dimension: str, value: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, (value,) if name == dimension else values) for name, values in reference.restrictions)


def _who(piece: Placeholder, occasion: Occasion) -> str:
    """The names behind a figure, as far as a sentence holds them."""
    (term,) = piece.above
    if occasion.withheld(piece.above):
        return NOT_KNOWN
    names = [member.name for member in occasion.ledger.people(term.reference, occasion.unit)]
    shown = ", ".join(names[:LONGEST_LIST])
    more = len(names) - LONGEST_LIST
    return (f"{shown} và {grouped(more)} nơi khác" if more > 0 else shown) or "không có"
