"""How a thing stood, as JSON for the log of changes: only what differs between before and after is written down."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from cases.roster import Record

if TYPE_CHECKING:
    from cases.plan import Alteration


def snapshot(thing: Any) -> dict[str, Any]:
    """A record, unit, course … as plain values without its empty ones."""
    if isinstance(thing, Record):
        flat = {name: _plain(value) for name, value in thing.fields.items()}
        for name in ("steps", "attributes", "placements"):
            if entries := getattr(thing, name):
                flat[name] = [snapshot(entry) for entry in entries]
        return flat
    return {
        one.name: _plain(value)
        for one in fields(thing)
        if (value := getattr(thing, one.name)) is not None and (value is not False or one.name == "value")
    }


def difference(alteration: Alteration[Any]) -> tuple[str | None, str]:
    """Before and after as JSON; for a change only what differs, an absent key being an empty value."""
    after = snapshot(alteration.after)
    if alteration.before is None:
        return None, _written(after)
    before = snapshot(alteration.before)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        _written({name: before[name] for name in names if name in before}),
        _written({name: after[name] for name in names if name in after}),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return snapshot(value) if is_dataclass(value) else value


def _written(flat: dict[str, Any]) -> str:
    return json.dumps(flat, ensure_ascii=False, separators=(",", ":"))
