"""Things as flat JSON for the log of changes, and back: a change writes down only what differs.

A case is flat down to its steps (``step admitted_on 2024-02-03``), so that two steps recorded one after the other
are two things: one can be taken back without the other.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from cases.values.history import settle_steps, step_order
from cases.values.kinds import KINDS
from cases.values.records import (
    PAPERS,
    AttributeEntry,
    Placement,
    Record,
    StepEntry,
    UnitStanding,
)
from rules.loader import vocabulary
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.values.records import Value

Flat = dict[str, Any]
"""A thing by its filled fields, as JSON has them."""

STEP = "step "
"""What the key of a step begins with; its kind and its day follow."""
DECLARED = "declared"
"""The mark of a unit that was declared with its details and not only named."""


def flatten(thing: Any) -> Flat:
    """A record, unit, course … without its empty fields."""
    if isinstance(thing, Record):
        return _flat_record(thing)
    return {
        name: _plain(value)
        for name in _names(thing.__class__)
        if (value := getattr(thing, name)) is not None and (value is not False or name == "value") and value != ()
    }


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass."""
    return tuple(one.name for one in fields(kind))


def rebuild(entity: str, flat: Flat) -> Any:
    """The thing behind a flat form."""
    if entity == "case":
        return _record(flat)
    kind = KINDS[entity]
    known = kind.fields_of()
    values = {name: value for name, value in flat.items() if name in known}
    if "history" in values:
        values["history"] = tuple(UnitStanding(up, stored_day(since), into) for up, since, into in values["history"])
    return kind.made(**{name: stored_day(value) if name in kind.days else value for name, value in values.items()})


def difference(before: Flat | None, after: Flat | None) -> tuple[Flat | None, Flat | None]:
    """Before and after of a change: only what differs; None where the thing was not there, or is not any more."""
    if before is None or after is None:
        return before, after
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )


def changed(flat: Flat, before: Flat, after: Flat) -> Flat:
    """A flat form after a change that took it from ``before`` to ``after``."""
    return {name: value for name, value in flat.items() if name not in before} | after


def written(flat: Flat | None) -> str | None:
    """The flat form as the text that the log keeps."""
    return None if flat is None else LOGGED.spelled(flat)


class FlatText:
    """Things as the JSON of their flat forms; what many records have in common is spelled once."""

    def __init__(self, comma: str = ", ", colon: str = ": ") -> None:
        """What stands between two fields, and between a field and its value."""
        self._comma, self._fields = comma, _SpelledFields(colon)
        self.spelled: Callable[[Flat], str] = json.JSONEncoder(ensure_ascii=False, separators=(comma, colon)).encode

    def of(self, thing: Any) -> str:
        """The text of a thing: what `spelled` makes of what `flatten` makes of it."""
        if not isinstance(thing, Record) or thing.steps or thing.attributes or thing.placements:
            return self.spelled(flatten(thing))
        fields = self._fields
        return "{" + self._comma.join([fields[name][value] for name, value in thing.fields.items()]) + "}"


class _SpelledFields(dict[str, "_SpelledField"]):
    """By the name of a field: what its values are in the text."""

    def __init__(self, colon: str) -> None:
        self._colon = colon

    def __missing__(self, name: str) -> _SpelledField:
        is_step = name in step_order()
        before = json.dumps(f"{STEP}{name} ")[:-1] if is_step else json.dumps(name) + self._colon
        field = self[name] = _SpelledField(before, f'"{self._colon}{{}}' if is_step else None)
        return field


class _SpelledField(dict[Any, str]):
    """What the values of one field are in the text: it with its name before it."""

    def __init__(self, before: str, behind: str | None) -> None:
        """What stands before the value; and behind it, for a step, whose day is a part of its name."""
        self._before, self._behind = before, behind

    def __missing__(self, value: Any) -> str:
        if self._behind is not None:
            text = f"{self._before}{value.isoformat()}{self._behind}"
        elif isinstance(value, date):
            text = f'{self._before}"{value.isoformat()}"'
        elif isinstance(value, str):
            text = self._before + _QUOTED(value)
        else:  # not kept: of numbers 1 and True are equal
            return self._before + ("true" if value is True else _QUOTED(value))
        if len(self) >= _MOST_SPELLED:
            self.clear()
        self[value] = text
        return text


_QUOTED = json.JSONEncoder(ensure_ascii=False).encode
_MOST_SPELLED = 16_384
"""Of one field."""
LOGGED = FlatText(",", ":")
"""The form in which the log says what it says."""


def step_key(kind: str, on: date) -> str:
    """The key of a step in the flat form of its case."""
    return f"{STEP}{kind} {on.isoformat()}"


class _Keys(dict[date, str]):
    """The keys of one kind of step by their days: many cases have the same."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __missing__(self, day: date) -> str:
        if len(self) >= _MOST_DAYS:
            self.clear()
        key = self[day] = step_key(self.kind, day)
        return key


_MOST_DAYS = 8_192


@cache
def _keys() -> dict[str, _Keys]:
    return {kind: _Keys(kind) for kind in step_order()}


def step_of(key: str) -> tuple[str, date] | None:
    """The kind and day behind a key; None where it is no step's."""
    if not key.startswith(STEP):
        return None
    kind, _, day = key.removeprefix(STEP).partition(" ")
    return kind, stored_day(day)


@cache
def _dates() -> frozenset[str]:
    return frozenset(fact.name for fact in vocabulary.load().columns if fact.type == "date")


def _flat_record(record: Record) -> Flat:
    flat: Flat = {}
    keys = _keys()
    for name, value in record.fields.items():
        if name in keys:
            flat[keys[name][value]] = {}  # type: ignore[index]  # a step has a day
        else:
            flat[name] = value.isoformat() if isinstance(value, date) else value
    for entry in record.steps:
        papers = {name: getattr(entry, name) for name in PAPERS}
        flat[step_key(entry.kind, entry.on)] = {name: text for name, text in papers.items() if text}
    if record.attributes:
        flat["attributes"] = [[one.name, _plain(one.value), _plain(one.since)] for one in record.attributes]
    if record.placements:
        flat["placements"] = [[one.unit, _plain(one.since), _plain(one.until)] for one in record.placements]
    return flat


def _record(flat: Flat) -> Record:
    values: dict[str, Value] = {}
    steps = []
    for name, value in flat.items():
        if (step := step_of(name)) is not None:
            steps.append(StepEntry(*step, **value))
        elif name not in ("attributes", "placements"):
            values[name] = _typed(name, value)
    settled, history = settle_steps(values, steps)
    return Record(
        str(values["code"]),
        settled,
        history,
        tuple(
            AttributeEntry(name, _typed(name, value), stored_day(since))
            for name, value, since in _of(flat, "attributes")
        ),
        tuple(Placement(unit, stored_day(since), stored_day(until)) for unit, since, until in _of(flat, "placements")),
    )


def _of(flat: Mapping[str, Any], name: str) -> list[list[Any]]:
    entries: list[list[Any]] = flat.get(name, [])
    return entries


def _typed(name: str, value: Any) -> Value:
    typed: Value = stored_day(value) if name in _dates() and isinstance(value, str) else value
    return typed


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [[one.parent, _plain(one.since), one.merged_into] for one in value]
    return value.isoformat() if isinstance(value, date) else value
