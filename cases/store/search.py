"""Finding people: by any part of a name with or without diacritics, by code, by unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.store import heads
from cases.store.reading import every_unit
from rules.loader.errors import UnknownName
from rules.loader.spelling.folding import fold, tidy
from rules.loader.spelling.name_order import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.store.heads import Head
    from cases.store.reading import Execute


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found; ``rank`` is the smaller the nearer it is to what was asked for."""

    head: Head
    rank: int

    @property
    def code(self) -> str:
        """The case's code."""
        return self.head.code

    @property
    def name(self) -> str:
        """The person's name."""
        return self.head.full_name

    @property
    def unit(self) -> str | None:
        """The case's unit."""
        return self.head.unit

    @property
    def born_on(self) -> dt.date | None:
        """The person's day of birth."""
        return self.head.born_on


def find(execute: Execute, text: str, units: Iterable[str] | None = None) -> list[Hit]:
    """The cases whose code or name the text means; the nearest first, then in the order of names."""
    within = None if units is None else set(units)
    found = []
    for head in heads.saying(execute, text):
        if within is not None and head.unit not in within:
            continue
        rank = _rank(text, head)
        if rank is not None:
            found.append(Hit(head, rank))
    return sorted(found, key=lambda hit: (hit.rank, name_key(hit.name), hit.code))


def _rank(text: str, head: Head) -> int | None:
    """How near a case is: 0 its code or name as written … 7 its words in another order; None = not meant."""
    asked, folded, name = tidy(text).casefold(), fold(text), head.full_name
    if not folded:
        return 0
    if asked in (head.code.casefold(), name.casefold()):
        return 0
    words, wanted = head.folded_name.split(), folded.split()
    if _begin(words, wanted):
        if asked != folded and not _begin(name.casefold().split(), asked.split()):
            return 6
        if words == wanted:
            return 1
        if words[-len(wanted) :] == wanted:
            return 2
        return 3 if set(wanted) <= set(words) else 4
    if len(folded) > 2 and folded in fold(head.code):
        return 5
    return 7 if len(wanted) > 1 and _begin_in_any_order(words, wanted) else None


def _begin(words: list[str], wanted: list[str]) -> bool:
    """Whether each wanted word begins one of the words, in their order."""
    rest = iter(words)
    return all(any(word.startswith(one) for word in rest) for one in wanted)


def _begin_in_any_order(words: list[str], wanted: list[str]) -> bool:
    """Whether each wanted word begins a word of its own: people are called by their last name before the first."""
    rest = list(words)
    for one in sorted(wanted, key=len, reverse=True):
        meant = next((word for word in rest if word.startswith(one)), None)
        if meant is None:
            return False
        rest.remove(meant)
    return True


def units_below(execute: Execute, code: str) -> list[str]:
    """A unit with all below it, by code or name; raises `UnknownName`."""
    units = [unit for _, unit, _ in every_unit(execute)]
    known = {fold(unit.code): unit.code for unit in units}
    known = {fold(unit.name): unit.code for unit in units if unit.name} | known
    top = known.get(fold(code))
    if top is None:
        raise UnknownName(f"Không có đơn vị “{code}”. Xem danh sách đơn vị bằng lệnh: dubi units")
    below, grown = {top}, True
    while grown:
        more = {unit.code for unit in units if unit.parent in below} - below
        below |= more
        grown = bool(more)
    return sorted(below)
