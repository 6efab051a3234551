"""How many rows of made-up lists are read right, asked about, refused, and wrong."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any

from cases.rosters.outcome.outcome import RosterPreview, RowOutcome
from cases.rosters.rows.reader import read_opened
from rules.loader.errors import BadInput
from tests.layouts.making import Layout, Person, layout, stage_of
from tests.layouts.parts import CHECKED

KINDS = ("right", "asked", "refused", "wrong")


def verdicts(one: Layout) -> Counter[str]:
    """How many rows of a list are right, asked, refused and wrong; a person out of nothing is wrong, and one lost."""
    try:
        seen = read_opened(one.book, one.answers)
    except BadInput:
        return Counter(refused=len(one.people))
    found: Counter[str] = Counter()
    rows = {(row.row, row.block): row for row in seen.rows}
    for place in rows.keys() - one.people.keys():
        found["refused" if rows[place].outcome in ("refused", "confirm") else "wrong"] += 1
    for place, made in one.people.items():
        row = rows.get(place)
        found[_verdict(row, made, seen) if row is not None else "wrong"] += 1
    return found


def _verdict(row: RowOutcome, made: Person, seen: RosterPreview) -> str:
    if row.outcome in ("refused", "confirm"):
        return "refused" if row.outcome == "refused" else "asked"
    stored = row.record.fields if row.record is not None else row.fields
    held = {name: row.fields.get(name) for name in CHECKED}
    for name in CHECKED:
        value, true = held[name], made.get(name)
        if name == "code" and "code" not in made:
            continue
        if name == "unit" and "unit" not in made:
            true = "CB-01"
        if value is not None and not _same(value, true):
            return "wrong"
    if stage_of(made) != "candidate" and not ({"admitted_on", "admitted_partly", "recognised_from"} & set(stored)):
        return "wrong"
    lacking = [name for name in CHECKED if made.get(name) is not None and held[name] is None]
    if not lacking:
        return "right"
    told = {why.remark.field for why in row.why}
    asked = any(notice.kind == "question" for notice in seen.notices)
    return "asked" if asked or set(lacking) <= told else "wrong"


def _same(value: Any, true: Any) -> bool:
    if isinstance(value, str) and isinstance(true, str):
        return unicodedata.normalize("NFC", value).casefold() == true.casefold()
    return bool(value == true)


def measure(
    numbers: range, told: Callable[[Layout, Counter[str]], None] | None = None
) -> tuple[Counter[str], Counter[str]]:
    """The verdicts of all rows, and of those of lists in which every meaning stands once."""
    everything: Counter[str] = Counter()
    once: Counter[str] = Counter()
    for number in numbers:
        one = layout(number)
        found = verdicts(one)
        everything += found
        if one.once:
            once += found
        if told is not None:
            told(one, found)
    return everything, once
