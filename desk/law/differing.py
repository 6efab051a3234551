"""What differs between two documents of a series, or between the law of two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.comparison import Change as Change
from engine.comparison import ValueInForce, between_days, between_documents
from engine.language.law_words import amount, sureness
from rules.loader import law
from rules.loader.errors import BadInput
from rules.loader.spelling.days import NotADay, shown_day, typed_day

NOT_KNOWN = "chưa đọc được"


@dataclass(frozen=True, slots=True)
class LawDiffers:
    """The values of the law that are otherwise on the other side."""

    names: tuple[object, object]
    """Both sides for programs: documents or days."""
    sides: tuple[str, str]
    """Both sides for people."""
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        before, after = self.names
        return {"before": before, "after": after, "changes": [_change_json(change) for change in self.changes]}

    def in_groups(self) -> list[tuple[str, Sequence[Change]]]:
        """The changes by how much they change, each group with its title."""
        changes = self.changes
        return [
            ("Nội dung đổi", [one for one in changes if one.of_value and one.known]),
            ("Chỉ biết nội dung ở một bên", [one for one in changes if one.of_value and not one.known]),
            ("Nội dung giữ nguyên, đổi mục hoặc độ chắc chắn", [one for one in changes if not one.of_value]),
        ]


def differing(one: str, two: str) -> LawDiffers:
    """Compare two documents, or the law of two days; raises `BadInput`, `UnknownName`."""
    known = law.load()
    days = _days(one, two)
    if days:
        sides = tuple(f"ngày {shown_day(day)}" for day in days)
        return LawDiffers(days, (sides[0], sides[1]), tuple(between_days(known, *days)))
    before, after, changes = between_documents(known, one, two)
    return LawDiffers((before.id, after.id), (known.number(before), known.number(after)), tuple(changes))


def _days(one: str, two: str) -> tuple[dt.date, dt.date] | None:
    """The two days, where both arguments are days; raises `BadInput` where only one is."""
    looks = [
        text[:1].isdigit() and text.count("-") + text.count("/") == 2 and "/TW" not in text.upper()
        for text in (one, two)
    ]
    if all(looks):
        try:
            return typed_day(one), typed_day(two)
        except NotADay as error:
            raise BadInput(str(error)) from None
    if any(looks):
        raise BadInput("So hai văn bản, hoặc hai ngày; không so một văn bản với một ngày.")
    return None


def amounts(change: Change) -> tuple[str, str]:
    """The value before and after, in words."""
    unit = change.parameter.unit
    return amount(change.before.value, unit), amount(change.after.value, unit)


def places(change: Change) -> tuple[str, str]:
    """Where each of both stands, and how sure that is."""
    return _place(change.before), _place(change.after)


def _place(standing: ValueInForce) -> str:
    if standing.value is None:
        return NOT_KNOWN
    place = f"mục {standing.clause}" if standing.clause else "chưa rõ mục"
    sure = sureness(standing.certainty, standing.basis)
    return f"{place} ({sure}{', giá trị biết gần nhất' if standing.last_known else ''})"


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "parameter": change.parameter.name,
        "title": change.parameter.title,
        "unit": change.parameter.unit,
        "value_changes": change.of_value,
        "before": _standing_json(change.before),
        "after": _standing_json(change.after),
    }


def _standing_json(standing: ValueInForce) -> dict[str, Any]:
    value = standing.value
    return {
        "document": standing.document.id,
        "value": value if value is None or isinstance(value, bool | int | str) else str(value),
        "clause": standing.clause,
        "certainty": standing.certainty,
        "basis": standing.basis,
        "last_known": standing.last_known,
    }
