"""The tree of units: who is below whom, on any day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Protocol


class UnitPlace(Protocol):
    """Where a unit stands from a day on (None = from the beginning): below a parent, or merged into another unit."""

    @property
    def parent(self) -> str | None: ...
    @property
    def since(self) -> dt.date | None: ...
    @property
    def merged_into(self) -> str | None: ...


class UnitTree:
    """Units by code with their parents; a unit that no sheet names stands alone.

    Who belonged to a unit that is merged into another belongs to that other; the merged unit has no place of its own.
    """

    def __init__(
        self,
        parents: Mapping[str, str | None],
        history: Mapping[str, Sequence[UnitPlace]] | None = None,
        merged: Mapping[str, str] | None = None,
    ) -> None:
        self._history, self._merged = dict(history or {}), dict(merged or {})
        self.parents = {
            code: self._above_it(code, parent) if parent in self._merged else parent for code, parent in parents.items()
        }
        days = {one.since for entries in self._history.values() for one in entries if one.since is not None}
        self.changes: tuple[dt.date, ...] = tuple(sorted(days))
        """The days on which the tree changes."""
        self._versions: dict[int, UnitTree] = {}
        self._above: dict[str, tuple[str, ...]] = {}

    @cached_property
    def below(self) -> Mapping[str | None, list[str]]:
        """The units right below each unit, and below none of the roster."""
        found: dict[str | None, list[str]] = {}
        for code, parent in self.parents.items():
            if code not in self._merged:
                found.setdefault(parent if parent in self.parents else None, []).append(code)
        return found

    def on(self, day: dt.date) -> UnitTree:
        """The tree of a day."""
        return self.version(bisect_right(self.changes, day))

    def version(self, number: int) -> UnitTree:
        """The tree after so many of its changes."""
        if not self._history:
            return self
        found = self._versions.get(number)
        if found is None:
            last = self.changes[number - 1] if number else dt.date.min
            standing = {code: _latest(entries, last) for code, entries in self._history.items()}
            parents = {
                code: parent if (now := standing.get(code)) is None else now.parent
                for code, parent in self.parents.items()
            }
            merged = {code: now.merged_into for code, now in standing.items() if now and now.merged_into}
            found = self._versions[number] = UnitTree(parents, merged=merged)
        return found

    def _above_it(self, code: str, parent: str | None) -> str | None:
        """The unit above another: what its parent has gone into, where that is merged."""
        heir = None if parent is None else self._heir(parent)
        return None if heir == code and parent != code else heir

    def _heir(self, code: str) -> str:
        """The unit that a merged unit has gone into; any other unit itself."""
        seen = {code}
        while (into := self._merged.get(code)) is not None and into not in seen:
            seen.add(into)
            code = into
        return code

    def with_above(self, code: str | None) -> tuple[str, ...]:
        """The unit and all units above it, itself first; empty where no unit is known."""
        if code is None:
            return ()
        line = self._above.get(code)
        if line is None:
            heir = self._heir(code)
            found, at = [heir], self.parents.get(heir)
            while at is not None and at not in found:
                found.append(at)
                at = self.parents.get(at)
            line = self._above[code] = tuple(found)
        return line

    @cached_property
    def restless(self) -> Mapping[str, tuple[dt.date, ...]]:
        """The units whose line of units above changes with time, and on which days it does."""
        found = {}
        for code in self.parents:
            days = sorted(self._days_above(code))
            changing = tuple(day for day in days if self._line_before(code, day) != self.on(day).with_above(code))
            if changing:
                found[code] = changing
        return found

    def _line_before(self, code: str, day: dt.date) -> tuple[str, ...]:
        return self.version(bisect_left(self.changes, day)).with_above(code)

    def _days_above(self, code: str) -> set[dt.date]:
        """The days on which something is said of a unit, or of any that was ever above it or took it in."""
        days, seen, waiting = set[dt.date](), {code}, [code]
        while waiting:
            at = waiting.pop()
            said = self._history.get(at, ())
            days |= {one.since for one in said if one.since is not None}
            above = {self.parents.get(at), *(one.parent for one in said), *(one.merged_into for one in said)}
            waiting += [other for other in above if other is not None and other not in seen]
            seen.update(waiting)
        return days

    def in_order(self) -> list[str]:
        """All units, each followed by those below it, in the order of the sheet."""
        found: list[str] = []
        stack = list(reversed(self.below.get(None, [])))
        while stack:
            code = stack.pop()
            found.append(code)
            stack += reversed(self.below.get(code, []))
        return found

    def holds(self, scope: str | None, code: str | None) -> bool:
        """Whether a unit lies in a scope: the scope itself or below it; None as scope holds everything."""
        return scope is None or scope in self.with_above(code)

    def topmost(self, having: Iterable[str], scope: str | None) -> list[str]:
        """Of the units `having` something, those in a scope with no other such unit between them and the scope."""
        wanted, found = set(having), []
        start = [scope] if scope is not None else list(self.below.get(None, []))
        strays = [] if scope is not None else sorted(wanted - self.parents.keys())
        while start:
            code = start.pop(0)
            if code in wanted:
                found.append(code)
            else:
                start[:0] = self.below.get(code, [])
        return found + strays


def _latest(entries: Sequence[UnitPlace], day: dt.date) -> UnitPlace | None:
    """The entry that holds on a day; of two of one day, the last."""
    begun = [one for one in entries if one.since is None or one.since <= day]
    return max(enumerate(begun), key=lambda one: (one[1].since or dt.date.min, one[0]))[1] if begun else None
