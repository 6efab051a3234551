"""The codes of organisations in the member database: five groups of 2, 3, 3, 3, 3 digits, from the province down.

Province · level above the base · base committee or cell · committee below the base (000: none) · cell (000: none), with
dots (38.168.053.000.001) or fourteen digits together. In use under 208-QĐ/TW; known from another program's papers only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cases.values.records import Unit

_DOTTED = re.compile(r"(\d{2})\.(\d{3})\.(\d{3})\.(\d{3})\.(\d{3})")
_TOGETHER = re.compile(r"(\d{2})(\d{3})(\d{3})(\d{3})(\d{3})")
_NONE = "000"
_LEVELS = ("province", "upper", None, "sub_committee", "cell")
"""By the last group that is filled; a base organisation may be a committee or a cell."""


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """A code by its groups."""

    groups: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.groups)

    @property
    def parent(self) -> OrganisationCode | None:
        """The organisation above: the code with its last filled group left out; None for a province."""
        last = self._last
        return OrganisationCode((*self.groups[:last], *[_NONE] * (5 - last))) if last else None

    @property
    def _last(self) -> int:
        return max(place for place, group in enumerate(self.groups) if place == 0 or group != _NONE)

    def lineage(self) -> tuple[Unit, ...]:
        """The organisation and all those above it as units, the highest first."""
        parent = self.parent
        above = parent.lineage() if parent is not None else ()
        own = Unit(str(self), level=_LEVELS[self._last], parent=str(parent) if parent is not None else None)
        return (*above, own)


def read_organisation_code(text: str) -> OrganisationCode | None:
    """The code that a text is; None for any other text."""
    match = _DOTTED.fullmatch(text) or _TOGETHER.fullmatch(text)
    return OrganisationCode(match.groups()) if match else None
