"""The tree of units: who is below whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class UnitTree:
    """Units by code with their parents; a unit that no sheet names stands alone."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self.parents = dict(parents)
        self._above: dict[str, tuple[str, ...]] = {}
        self.below: dict[str | None, list[str]] = {}
        for code, parent in self.parents.items():
            self.below.setdefault(parent if parent in self.parents else None, []).append(code)

    def with_above(self, code: str | None) -> tuple[str, ...]:
        """The unit and all units above it, itself first; empty where no unit is known."""
        if code is None:
            return ()
        line = self._above.get(code)
        if line is None:
            found, at = [code], self.parents.get(code)
            while at is not None and at not in found:
                found.append(at)
                at = self.parents.get(at)
            line = self._above[code] = tuple(found)
        return line

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
