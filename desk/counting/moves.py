"""Transfers as each unit sees them: an arrival, a departure, or a move inside itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cases.values.records import Unit
from desk.counting.belonging import Life
from desk.counting.turns import Place, Turn
from engine.units import UnitTree

PLACES = ("in_province", "out_of_province")
"""What may stand for a unit outside the roster."""


@dataclass(frozen=True, slots=True)
class Move:
    """One transfer of a row's person seen by some units; ``scopes`` are those that see it so (None = the whole roster).

    Of kind ``undated_in`` and ``undated_out`` are the admission and the exit whose day is not known.
    """

    row: int
    kind: str
    on: dt.date
    not_after: dt.date | None
    """The last possible day, where ``on`` is only the first one."""
    unit: str | None
    place: str | None
    scopes: tuple[str | None, ...]


def moves_of(life: Life, as_of: dt.date, tree: UnitTree, units: Mapping[str, Unit]) -> Iterator[Move]:
    """The transfers of a person up to a day."""
    for turn in life.turns(tree, as_of):
        if turn.source is not None and turn.target is not None:
            yield from _between(turn.at[0], turn.source, turn.target, units)
        elif turn.target is not None:
            undated = turn.not_after is not None
            place = None if undated else _elsewhere(life, turn, turn.target, tree, units)
            yield _one("undated_in" if undated else "arrival", turn, turn.target, place)
        elif turn.source is not None:
            undated = turn.not_after is not None and turn.at == life.rows[turn.source.row].ends
            place = None if undated else _elsewhere(life, turn, turn.source, tree, units)
            yield _one("undated_out" if undated else "departure", turn, turn.source, place)


def _one(kind: str, turn: Turn, end: Place, place: str | None) -> Move:
    return Move(end.row, kind, turn.at[0], turn.not_after, end.unit, place, (None, *end.line))


def _elsewhere(life: Life, turn: Turn, end: Place, tree: UnitTree, units: Mapping[str, Unit]) -> str | None:
    """What a row says of the other end of its latest transfer: a kind of place, or how near a unit of the roster is."""
    step, field = ("moved_in_on", "moved_from") if turn.source is None else ("moved_out_on", "moved_to")
    record = life.rows[end.row].record
    other = record.fields.get(field)
    if turn.not_after is None and record.fields.get(step) != turn.at[0]:
        return None
    if other in tree.parents:
        return _nearness([code for code in end.line if code in tree.on(turn.at[0]).with_above(str(other))], units)
    return str(other) if other in PLACES else None


def _nearness(both: list[str], units: Mapping[str, Unit]) -> str | None:
    """How near two units are that have some units above them in common."""
    if not both:
        return None
    return "same_district" if any(c in units and units[c].level != "province" for c in both) else "in_province"


def _between(on: dt.date, source: Place, target: Place, units: Mapping[str, Unit]) -> Iterator[Move]:
    """A move between two units of the roster: internal to those that hold both, out or in for those that hold one.

    Who only changes place together with the unit moves inside of nothing.
    """
    both = [code for code in source.line if code in target.line]
    place = _nearness(both, units)
    only_left = tuple(code for code in source.line if code not in both)
    only_joined = tuple(code for code in target.line if code not in both)
    if only_left:
        yield Move(source.row, "departure", on, None, source.unit, place, only_left)
    if only_joined:
        yield Move(target.row, "arrival", on, None, target.unit, place, only_joined)
    if source.unit != target.unit:
        yield Move(target.row, "internal", on, None, target.unit, place, (None, *both))
