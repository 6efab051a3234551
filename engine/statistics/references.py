"""How figures are named: an indicator, restrictions in brackets, and another time; and sums of such names.

`admission.total[sector=commune+ward]`, `member.total@opening`, `exit.struck_off + exit.resigned`.
A value ``?`` stands for those whose place is not known, ``*`` for every value and those. A name with a ``?`` behind it
is left out of a sum where nobody has typed it in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from rules.loader.errors import BadInput, UnknownName

SHIFTS = ("prev", "opening", "prev_term")
ANY, UNKNOWN = "*", "?"

_REFERENCE = re.compile(r"(?P<name>[a-z][\w.]*)(?:\[(?P<dims>[^\]]*)\])?(?:@(?P<shift>\w+))?")
_TERM = re.compile(rf"\s*(?P<sign>[+\-−])?\s*(?P<reference>{_REFERENCE.pattern})(?P<optional>\?)?")

Restriction = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reference:
    """One figure by name; restrictions are sorted, so that equal figures have equal names."""

    name: str
    restrictions: tuple[Restriction, ...] = ()
    shift: str | None = None

    @property
    def key(self) -> str:
        """The name with its restrictions, without the shift in time."""
        inside = ";".join(f"{dimension}={'+'.join(values)}" for dimension, values in self.restrictions)
        return f"{self.name}[{inside}]" if inside else self.name

    def __str__(self) -> str:
        return f"{self.key}@{self.shift}" if self.shift else self.key

    def restricted(self, more: tuple[Restriction, ...]) -> Reference:
        """The same figure within further restrictions; its own win."""
        if not more:
            return self
        return replace(self, restrictions=tuple(sorted((dict(more) | dict(self.restrictions)).items())))

    def shifted(self, shift: str | None) -> Reference:
        """The same figure at another time."""
        return replace(self, shift=shift) if shift else self


@dataclass(frozen=True, slots=True)
class Term:
    """One figure of a sum."""

    sign: int
    reference: Reference
    optional: bool = False


def _reference(match: re.Match[str]) -> Reference:
    restrictions: dict[str, tuple[str, ...]] = {}
    for part in (match["dims"] or "").split(";"):
        dimension, equals, values = (piece.strip() for piece in part.partition("="))
        if dimension:
            if not equals or not values:
                raise BadInput(f"“{match[0]}”: trong ngoặc vuông ghi chiều=giá trị, ví dụ [sector=commune].")
            restrictions[dimension] = tuple(value.strip() for value in values.split("+"))
    if match["shift"] is not None and match["shift"] not in SHIFTS:
        raise BadInput(f"“{match[0]}”: sau @ chỉ ghi một trong: {', '.join(SHIFTS)}.")
    return Reference(match["name"], tuple(sorted(restrictions.items())), match["shift"])


@cache
def reference(text: str) -> Reference:
    """The figure that a text names; raises `UnknownName`."""
    match = _REFERENCE.fullmatch(text.strip())
    if match is None:
        raise UnknownName(f"“{text}” không phải là tên một số liệu. Ví dụ: admission.total[sector=commune]@prev.")
    try:
        return _reference(match)
    except BadInput as error:
        raise UnknownName(str(error)) from error


@cache
def terms(text: str) -> tuple[Term, ...]:
    """The figures of a sum; raises `BadInput`."""
    found, at, text = list[Term](), 0, text.strip()
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None or (found and match["sign"] is None):
            raise BadInput(f"Không hiểu “{text[at:].strip()}” trong tổng “{text}”. Chỉ dùng tên số liệu, dấu + và -.")
        sign = -1 if match["sign"] in ("-", "−") else 1
        found.append(Term(sign, _reference(match), match["optional"] is not None))
        at = match.end()
    if not found:
        raise BadInput("Tổng trống. Ghi ít nhất một tên số liệu.")
    return tuple(found)
