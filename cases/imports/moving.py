"""Rows of one person in two units: what a file says of somebody whom the store has elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.changes.joining import move_between, stayed, with_move
from cases.imports.cells import FIELD, Cell

if TYPE_CHECKING:
    from cases.changes.joining import Moved
    from cases.values.records import Record

UNIT: Cell = (FIELD, "unit")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A row of the file beside the dossier of the same person in another unit."""

    row: Record
    """The row as it is compared: in the unit where the person is, if it speaks of the place that she has left."""
    move: Moved | None = None
    """The move that the two tell together."""
    unit: bool | None = None
    """Whether the unit of the row holds (True), is asked about (False), or is compared as all else is."""

    def placed(self, made: Record) -> Record:
        """The dossier with a stay in each unit, once it has the move."""
        move = self.move
        if move is None or made.fields.get("unit") != move.target:
            return made
        if move.out is not None and made.fields.get("moved_out_on") != move.out:
            return made
        return with_move(made, move)


def elsewhere(stored: Record, row: Record, *, other_code: bool) -> Elsewhere:
    """What a row and the stored dossier tell of where the person is.

    One who left the one unit for the other moved. A row of a unit in which she was before says nothing of where she is
    now once she has left it, and is asked about where it still has her. ``other_code``: the row had another code; then
    it is the row of another unit, and of which one she is has to be said.
    """
    unit, there = stored.fields.get("unit"), row.fields.get("unit")
    if unit is None or there is None or unit == there or row.placements:
        return Elsewhere(row)
    here = replace(row, fields={**row.fields, "unit": unit})
    if stayed(stored, there):
        return Elsewhere(here) if "moved_out_on" in row.fields else Elsewhere(row, unit=False)
    if (move := move_between(row, stored)) is not None:
        return Elsewhere(here, move)
    if (move := move_between(stored, row)) is not None:
        return Elsewhere(row, move, unit=True)
    return Elsewhere(row, unit=False if other_code else None)
