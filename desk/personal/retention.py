"""Whose time of keeping is over: they are listed, and nothing is erased by itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cases.values.evaluated import evaluated
from desk.personal.limits import Limit, limit
from desk.rosters import evaluator
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Roster
    from desk.question import Question

READINGS = "data.keep_readings"
_BY_STAGE = {
    "left": ("data.keep_left", ("left_on", "left_not_after")),
    "moved_out": ("data.keep_moved_out", ("moved_out_on", "moved_out_not_after")),
    "candidate": ("data.keep_candidate", ()),
}
"""What is kept how long from which day; a candidate from her last step."""


LIMITS = (*(name for name, _ in _BY_STAGE.values()), READINGS)
"""All that says how long something is kept."""


@dataclass(frozen=True, slots=True)
class Over:
    """A case whose time of keeping is over."""

    case: str
    name: str
    unit: str | None
    stage: str
    since: dt.date
    limit: Limit

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "case": self.case,
            "name": self.name,
            "unit": self.unit,
            "stage": self.stage,
            "since": self.since,
            "over_on": self.limit.last,
        }


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept, and whose time is over on a day."""

    as_of: dt.date
    limits: tuple[Limit, ...]
    over: tuple[Over, ...]
    undated: tuple[str, ...]
    """The cases that ended on a day which nobody knows."""
    readings: int
    """How many entries of the reading log are older than they are kept."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "as_of": self.as_of,
            "kept": [{"what": one.title, "how_long": one.words} for one in self.limits],
            "over": [one.as_json() for one in self.over],
            "undated": list(self.undated),
            "readings_over": self.readings,
        }

    @property
    def told(self) -> list[str]:
        """All of it line by line."""
        lines = [f"{one.title}: {one.words}" for one in self.limits]
        lines += [
            f"{one.case} {one.name}, từ {shown_day(one.since)}: {one.limit.title.lower()} đến hết ngày "
            f"{shown_day(one.limit.last)}"
            for one in self.over
            if one.limit.last
        ]
        if self.undated:
            lines.append(f"Không rõ ngày ra, ngày chuyển nên không tính được: {', '.join(self.undated)}")
        if self.readings:
            lines.append(f"Nhật ký đọc: {self.readings} mục quá thời hạn giữ (dubi privacy readings --let-go).")
        return lines


def retention(roster: Roster, question: Question, readings_before: int) -> Retention:
    """Whose time of keeping is over on the day of a question."""
    law, as_of, decide = question.ruleset.law, question.as_of, evaluator(question.ruleset)
    over, undated = list[Over](), list[str]()
    for record in evaluated(roster):
        situation = decide.situation(record, as_of)
        stage = "" if situation is None else str(situation.value("stage"))
        if situation is None or stage not in _BY_STAGE:
            continue
        name, days = _BY_STAGE[stage]
        if stage == "candidate":
            found = [day for kind in question.ruleset.vocabulary.step_kinds if (day := situation.value(kind))]
            since = max((day for day in found if isinstance(day, dt.date)), default=None)
        else:
            since = next((day for one in days if isinstance(day := situation.value(one), dt.date)), None)
        if since is None or since > as_of:  # an unknown day may be any
            if stage != "candidate":
                undated.append(record.code)
            continue
        kept = limit(law, name, since)
        if kept.last is not None and kept.last < as_of:
            fields = record.fields
            unit = fields.get("unit")
            named = str(fields.get("full_name", ""))
            over.append(Over(record.code, named, None if unit is None else str(unit), stage, since, kept))
    limits = tuple(limit(law, name, as_of) for name in LIMITS)
    return Retention(as_of, limits, tuple(over), tuple(undated), readings_before)
