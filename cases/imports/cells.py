"""A thing as cells, each of which a file, the store and their common past can say something else about.

A step is one cell a day, a dated value and a stay one cell each: two people who add one each add two.
"""

from __future__ import annotations

from typing import Any

from cases.history.snapshots import STEP, Flat

Cell = tuple[str, ...]
"""What a cell is of, then what names it there: `("field", "note")`, `("step", "admitted_on", "2024-02-03")`."""
Cells = dict[Cell, Any]

FIELD, STEPS = "field", "step"
_LISTS = {"attributes": (0, 2), "placements": (0, 1), "history": (1,)}
"""The lists of a flat form, and the places of their entries that say which entry it is; the others are its value."""


def cells_of(flat: Flat) -> Cells:
    """The cells of a flat form, in its order."""
    found: Cells = {}
    for name, value in flat.items():
        if name.startswith(STEP):
            kind, _, day = name.removeprefix(STEP).partition(" ")
            found[STEPS, kind, day] = value
        elif name in _LISTS:
            for entry in value:
                own = (name, *(str(entry[place] or "") for place in _LISTS[name]))
                turn = 1
                while (*own, str(turn)) in found:
                    turn += 1
                found[(*own, str(turn))] = entry
        else:
            found[FIELD, name] = value
    return found


def flat_of(cells: Cells) -> Flat:
    """The flat form of cells."""
    flat: Flat = {}
    for cell, value in cells.items():
        match cell:
            case ("step", kind, day):
                flat[f"{STEP}{kind} {day}"] = value
            case ("field", name):
                flat[name] = value
            case (name, *_):
                flat.setdefault(name, []).append(value)
    return flat


Days = dict[str, dict[str, Any]]
"""The days of one step with their papers."""


def days_of(cells: Cells, kind: str) -> Days:
    """The days of a step of one kind."""
    return {cell[2]: dict(value) for cell, value in cells.items() if cell[:2] == (STEPS, kind)}


def logged_as(cell: Cell) -> str:
    """The name under which the log keeps a cell."""
    match cell:
        case ("step", kind, day):
            return f"{STEP}{kind} {day}"
        case ("field", name):
            return name
        case _:
            return cell[0]
