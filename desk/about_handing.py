"""What goes to the level above and comes back from it: rosters sealed for whoever is to take them in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk.door import needs
from desk.sitting import Sitting
from rules.loader.errors import UnknownName

if TYPE_CHECKING:
    from pathlib import Path

    from cases.store.sight import Sight


class AboutHanding(Sitting):
    """A store that works by itself, and the one above it."""

    @needs("print_")
    def hand_over(self, out: Path, public: Path, *, unit: str | None = None, replace: bool = False) -> int:
        """Write the store, or a unit of it with all below, for the owner of a public key alone; gives the cases.

        Raises `NoKey`, `UnknownName`, `TargetExists`, `BadInput`, `StoreProblem`.
        """
        from cases.store.sight import seeing
        from desk.keeping.handover import send
        from desk.personal.readings import goes_out

        goes_out(self.url, f"giao cho cấp trên, tệp niêm phong “{out.name}”", self.user)
        with seeing(self.eyes if unit is None else self._eyes_on(unit)):
            return send(self.url, out, public, replace=replace)

    def _eyes_on(self, code: str) -> Sight:
        """The eyes of somebody who sees that unit alone; raises `UnknownName` for one that is not seen whole here."""
        from cases.store.sight import Sight
        from desk.answers.units import units_alone
        from desk.rosters import known_unit, lines

        roster = units_alone(self.url)
        unit = str(known_unit(roster, code))
        line = lines(roster.units, self.today)(unit)
        if self.sight is not None and self.sight.roots.isdisjoint(line):
            raise UnknownName(f"Không có đơn vị “{code}” trong phần bạn được xem. Ghi đơn vị của mình sau --unit.")
        return replace(self.eyes or Sight(frozenset()), roots=frozenset({unit}), on=self.today, tree=lines)
