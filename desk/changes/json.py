"""Changes written down as JSON and read back, the same value as before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from desk.changes.values import Change, ImportFile
from rules.loader.errors import BadInput
from rules.loader.spelling.days import stored_day

AnyChange = Change | ImportFile

KINDS: dict[str, type[AnyChange]] = {kind.kind: kind for kind in get_args(AnyChange)}
"""Every kind of change by its name in JSON."""


def as_json(change: AnyChange) -> dict[str, Any]:
    """A change in the form for programs; days are written year first."""
    values = {one.name: _written(getattr(change, one.name)) for one in fields(change)}
    return {"change": change.kind, **values}


def _written(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return as_json(value) if type(value) in KINDS.values() else value


def from_json(values: Mapping[str, Any]) -> AnyChange:
    """The change that was written down; raises `BadInput` for what is none."""
    given = dict(values)
    kind = KINDS.get(str(given.pop("change", None)))
    if kind is None:
        raise BadInput(f"Không rõ là thay đổi gì. Ghi “change” là một trong: {', '.join(KINDS)}.")
    hints = get_type_hints(kind)
    if strange := given.keys() - {one.name for one in fields(kind)}:
        raise BadInput(f"Thay đổi “{kind.kind}” không có mục “{min(strange)}”. Bỏ mục ấy.")
    read = {name: _read(kind, name, hints[name], value) for name, value in given.items()}
    try:
        return kind(**read)
    except TypeError:
        lacking = [name for name in hints if name not in read and name != "kind"]
        raise BadInput(f"Thay đổi “{kind.kind}” thiếu một trong các mục: {', '.join(lacking)}.") from None


def _read(kind: type[AnyChange], name: str, hint: Any, value: Any) -> Any:
    """A value as the field holds it: a day read, a list as a tuple, everything else as it is."""
    choices = get_args(hint) if type(None) in get_args(hint) else (hint,)
    for choice in choices:
        if choice is type(None):
            if value is None:
                return None
        elif choice is dt.date:
            if isinstance(value, str):
                try:
                    return stored_day(value)
                except ValueError:
                    break
        elif choice in (str, bool, int):
            if type(value) is choice:
                return value
        elif isinstance(value, list):
            member = get_args(choice)[0]
            if changes := [one for one in get_args(member) if one in KINDS.values()]:
                read = tuple(from_json(one) for one in value if isinstance(one, dict))
                if len(read) == len(value) and all(type(one) in changes for one in read):
                    return read
                continue
            if member is str and all(isinstance(one, str) for one in value):
                return tuple(value)
            if member is not str and all(isinstance(one, list) and list(map(type, one)) == [str, str] for one in value):
                return tuple((first, second) for first, second in value)
    raise BadInput(f"Mục “{name}” của thay đổi “{kind.kind}” ghi không đúng: {value!r}. Sửa rồi gửi lại.")
