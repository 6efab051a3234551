"""Who of a roster is counted on a day, where, and by which of a person's rows; and which steps happened here.

The rows of one person (`Mã người`) are one life: on each day at most one of them is the one the person is counted by.
A step is an event here only where the person was here on its day: not before arriving, not after moving away, not
after an exit. On one day people arrive first, then take their steps, then leave, then move away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cases.values.records import Placement, Record
from desk.counting.turns import Instant, Place, Turn, arrival_elsewhere, days_of, turns_of
from engine.language.tree import Scalar
from engine.projection import Projector
from engine.units import UnitTree
from rules.loader.spelling.days import LAST_DAY

Facts = Mapping[str, Scalar]

_GOES_FIRST, _ARRIVES, _STEPS, _LEAVES, _DEPARTS, _EVENING = range(6)
"""What happens on one day in this order; who departs and arrives on one day comes back."""
_ALWAYS: Instant = (dt.date.min, 0)
_NEVER: Instant = (dt.date.max, _EVENING)

STEPS_HERE = {
    "candidate_on": "candidate_elsewhere",
    "awareness_certified_on": "certified_elsewhere",
    "admission_decided_on": "decision_elsewhere",
    "recognition_decided_on": "recognition_elsewhere",
    "recognised_from": "effect_elsewhere",
    "recognised_not_before": "recognition_partly_elsewhere",
}
"""The steps that are events of their own, each with the mark that says that it is none here."""
MARKS = ("elsewhere", "admission_elsewhere", "exit_elsewhere", "term_elsewhere", *STEPS_HERE.values())
READ = frozenset(
    {*STEPS_HERE, "code", "unit", "person_code", "admitted_on", "left_on", "exit_kind", "moved_in_on", "moved_out_on"}
    | {"moved_from", "moved_to", "admitted_partly", "recognised_partly", "left_partly", "moved_out_partly"}
)
"""The recorded facts that it takes to know where somebody belongs."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of somebody's presence by one row."""

    begins: Instant
    ends: Instant

    def holds(self, at: Instant) -> bool:
        """Whether an instant lies in it; what ends in an instant has ended."""
        return self.begins <= at < self.ends


@dataclass(slots=True)
class Row:
    """One row of a person: when it has the person here, and from when to when the person is a member by it."""

    record: Record
    facts: Facts
    spans: list[Span]
    begins: Instant
    ends: Instant
    not_known_until: dt.date | None = None
    """The last day on which the person may have become a member, where the day is not known."""
    leaves_until: dict[Instant, dt.date] = field(default_factory=dict)
    """The last possible day of an exit or departure of which only a part is known."""

    def first(self, step: str) -> dt.date | None:
        """The day of a step that counts as an event: the latest one, of certificates the first."""
        latest = _day(self.facts, step)
        if step != "awareness_certified_on" or latest is None:
            return latest
        return min(latest, *days_of(self.record, step), latest)

    def span(self, at: Instant) -> Span | None:
        """The stretch that holds an instant."""
        return next((span for span in self.spans if span.holds(at)), None)

    def here(self, at: Instant) -> bool:
        """Whether the person is here by this row and has not left the Party."""
        return at < self.ends and self.span(at) is not None

    def member(self, at: Instant) -> bool:
        """Whether the person is a member here by this row."""
        return self.begins <= at and self.here(at)

    def unit(self, day: dt.date) -> str | None:
        """The unit of the row on a day."""
        begun = [stay for stay in self.record.placements if (stay.since or dt.date.min) <= day]
        if begun:
            return max(begun, key=lambda stay: stay.since or dt.date.min).unit
        unit = self.record.fields.get("unit")
        return None if unit is None else str(unit)


def rows_of(records: Sequence[Record], projector: Projector, as_of: dt.date, *, by_decision: bool) -> list[Row]:
    """The rows of one person as they stood on a day; rows that are no cases yet are left out."""
    rows = []
    for record in records:
        facts = projector.project(record, as_of)
        if facts is not None:
            rows.append(_row(record, facts, as_of, by_decision=by_decision))
    _pool_exits(rows)
    _bridge(rows)
    return rows


def _row(record: Record, facts: Facts, as_of: dt.date, *, by_decision: bool) -> Row:
    begins, not_known_until = _membership(facts, by_decision=by_decision)
    row = Row(record, facts, [], begins, _NEVER, not_known_until)
    left, departs = _day(facts, "left_on"), _day(facts, "left_not_before")
    if left is not None:
        row.ends = (left, _LEAVES)
    elif departs is not None:
        row.ends = (departs, _LEAVES)
        row.leaves_until[row.ends] = _day(facts, "left_not_after") or LAST_DAY
    row.spans = _spans(record, facts, as_of, row.leaves_until)
    return row


def _membership(facts: Facts, *, by_decision: bool) -> tuple[Instant, dt.date | None]:
    """When the person became a member by a row; with the last possible day where the day is not known."""
    counted = _day(facts, "admission_decided_on") if by_decision else None
    counted = counted or _day(facts, "admitted_on")
    if counted is not None:
        return (counted, _STEPS), None
    partly = _day(facts, "admitted_not_before")
    recognised = [_day(facts, "recognition_decided_on"), _day(facts, "recognised_not_before")]
    if not facts.get("recognition_decision_recorded"):
        recognised.append(_day(facts, "recognised_from"))
    known = [day for day in (partly, *recognised) if day is not None]
    if not known:
        return _NEVER, None
    last = _day(facts, "admitted_not_after") if partly == min(known) else None
    return (min(known), _STEPS), last or LAST_DAY


def _spans(record: Record, facts: Facts, as_of: dt.date, unsure: dict[Instant, dt.date]) -> list[Span]:
    arrivals, departures = turns_of(record)
    here = not arrivals or (bool(departures) and min(departures) <= min(arrivals))
    turns = {(day, _ARRIVES): True for day in arrivals if day <= as_of}
    for day in departures:
        if day <= as_of:
            turns[day, _GOES_FIRST if day in arrivals else _DEPARTS] = False
    first, last = _day(facts, "moved_out_not_before"), _day(facts, "moved_out_not_after")
    if first is not None and last is not None:
        turns = {at: comes for at, comes in turns.items() if not (comes and first <= at[0] <= last)}
        if not any(first <= day <= last for day in departures):
            turns[first, _DEPARTS] = False
            unsure[first, _DEPARTS] = last
    spans, begins = list[Span](), _ALWAYS if here else None
    for at in sorted(turns):
        if turns[at] and begins is None:
            begins = at
        elif not turns[at] and begins is not None:
            spans.append(Span(begins, at))
            begins = None
    return spans if begins is None else [*spans, Span(begins, _NEVER)]


def _bridge(rows: Sequence[Row]) -> None:
    """Who is on the way from the unit of one row to that of another stays in the first until the day of arriving."""
    for row in rows:
        last = row.spans[-1] if row.spans else None
        if last is None or last.ends == _NEVER:
            continue
        others = [other.record for other in rows if other is not row]
        arrives = arrival_elsewhere(row.record, others, last.ends[0])
        if arrives is not None:
            row.leaves_until.pop(last.ends, None)
            row.spans[-1] = Span(last.begins, (arrives, _ARRIVES))


def _pool_exits(rows: Sequence[Row]) -> None:
    """An exit that one row of a membership bears ends it in the others; a death ends whatever had begun."""
    for row in rows:
        if row.ends == _NEVER:
            continue
        for other in rows:
            died = row.facts.get("exit_kind") == "died" and other.begins <= row.ends
            if other is not row and (died or other.begins == row.begins) and row.ends < other.ends:
                other.ends = row.ends


class Life:
    """The rows of one person as one life."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    def active(self, at: Instant, here: Callable[[Row, Instant], bool]) -> int | None:
        """The row that the person is counted by in an instant: who came last; of equals, who goes first."""
        found = [(number, row) for number, row in enumerate(self.rows) if here(row, at)]
        if not found:
            return None

        def order(entry: tuple[int, Row]) -> tuple[int, int, Instant, int]:
            span = entry[1].span(at)
            assert span is not None
            return -span.begins[0].toordinal(), -span.begins[1], span.ends, entry[0]

        return min(found, key=order)[0]

    def counted(self, at: Instant) -> int | None:
        """The row that has the person here: as a member, or else as a candidate."""
        member = self.active(at, Row.member)
        return self.active(at, Row.here) if member is None else member

    def marks(self, number: int, as_of: dt.date, term_ends: Callable[[Facts], Scalar | None]) -> dict[str, Scalar]:
        """What is no event here of a row, and whether the person is not counted by it on the day."""
        row = self.rows[number]
        wrong = [] if self.counted((as_of, _EVENING)) == number else ["elsewhere"]
        for step, mark in STEPS_HERE.items():
            day = row.first(step)
            if day is not None and not self._bears(number, step, (day, _STEPS)):
                wrong.append(mark)
        if row.begins != _NEVER and not self._is_admission(number):
            wrong.append("admission_elsewhere")
        if _left(row.facts) and not self._is_exit(number):
            wrong.append("exit_elsewhere")
        ends = term_ends(row.facts)
        if isinstance(ends, dt.date) and self.active((ends, _EVENING), Row.member) != number:
            wrong.append("term_elsewhere")
        return dict.fromkeys(wrong, True)

    def bears_measure(self, number: int, bearers: Sequence[int], day: dt.date) -> bool:
        """Whether a measure is counted by a row, of those that bear it; it is by none where she is no member."""
        counted = self.active((day, _STEPS), Row.member)
        return counted is not None and number == (counted if counted in bearers else min(bearers))

    def _bears(self, number: int, step: str, at: Instant) -> bool:
        """Whether a row is the one by which a step is counted."""
        counted = self.counted(at)
        if counted is None:
            return False
        bearers = [n for n, row in enumerate(self.rows) if row.first(step) == at[0]]
        return number == (counted if counted in bearers else bearers[0])

    def _is_admission(self, number: int) -> bool:
        row = self.rows[number]
        at, before = row.begins, (row.begins[0], _ARRIVES)
        if not row.member(at) or any(other.begins < at and other.member(before) for other in self.rows):
            return False
        alike = [n for n, other in enumerate(self.rows) if other.begins == at and other.member(at)]
        return number == self.active(at, Row.member) or self.active(at, Row.member) not in alike

    def _is_exit(self, number: int) -> bool:
        row = self.rows[number]
        at, before = row.ends, (row.ends[0], _STEPS)
        if "left_on" in row.facts and row.facts["left_on"] != at[0]:
            return False  # another row of the membership ended it earlier
        counted = self.active(before, Row.member)
        if counted is None or self.active((at[0], _LEAVES), Row.member) is not None:
            return False
        bearers = [n for n, r in enumerate(self.rows) if r.ends == at and r.member(before) and _left(r.facts)]
        return number == (counted if counted in bearers else (bearers or [number])[0])

    def on_the_way(self, number: int, as_of: dt.date) -> bool:
        """Whether a row says that the person is away, who on the day is still counted where she was."""
        facts = self.rows[number].facts
        came, gone = _day(facts, "moved_in_on") or dt.date.min, _day(facts, "moved_out_on")
        last = _day(facts, "moved_out_not_after")
        away = (gone is not None and came < gone) or (last is not None and came <= last)
        return away and self.counted((as_of, _EVENING)) == number

    def turns(self, tree: UnitTree, as_of: dt.date) -> Iterator[Turn]:
        """Every change of where the person is a member, up to a day, but admissions and exits whose day is known.

        Whose unit comes under another, or goes into another, changes place with it at the beginning of that day.
        """
        instants = {row.begins for row in self.rows} | {row.ends for row in self.rows}
        instants |= {at for row in self.rows for span in row.spans for at in (span.begins, span.ends)}
        stays = (stay for row in self.rows for stay in row.record.placements)
        instants |= {(stay.since, _ARRIVES) for stay in stays if stay.since is not None}
        units = {row.record.fields.get("unit") for row in self.rows}
        units |= {stay.unit for row in self.rows for stay in row.record.placements}
        instants |= {(day, _GOES_FIRST) for unit in units for day in tree.restless.get(str(unit), ())}
        before: Place | None = None
        for at in sorted(instants):
            if at[0] > as_of:
                return
            now = self._place(at, tree)
            if at != _ALWAYS and (before is None) != (now is None):
                yield from self._entered_or_gone(at, before, now)
            elif before is not None and now is not None and (before.unit, before.line) != (now.unit, now.line):
                yield Turn(at, before, now)
            before = now

    def _place(self, at: Instant, tree: UnitTree) -> Place | None:
        number = self.active(at, Row.member)
        if number is None:
            return None
        unit = self.rows[number].unit(at[0])
        return Place(number, unit, tree.on(at[0]).with_above(unit))

    def _entered_or_gone(self, at: Instant, before: Place | None, now: Place | None) -> Iterator[Turn]:
        if now is not None:
            one = self.rows[now.row]
            own = at == one.begins
            if not own or one.not_known_until is not None:
                yield Turn(at, None, now, one.not_known_until if own else None)
        else:
            unsure = next((row.leaves_until[at] for row in self.rows if at in row.leaves_until), None)
            if at[1] != _LEAVES or unsure is not None:
                yield Turn(at, before, None, unsure)

    def stays(self, as_of: dt.date) -> tuple[Placement, ...]:
        """Where the person was through time, whatever row says so."""
        days = {span.begins[0] for row in self.rows for span in row.spans}
        days |= {stay.since or dt.date.min for row in self.rows for stay in row.record.placements}
        days |= {span.ends[0] for row in self.rows for span in row.spans if span.ends != _NEVER}
        found = list[Placement]()
        for day in sorted(days):
            number = self.counted((day, _STEPS))
            if number is None:
                number = self.counted((day, _EVENING))
            unit = None if number is None else self.rows[number].unit(day)
            if day <= as_of and unit is not None and (not found or found[-1].unit != unit):
                found.append(Placement(unit, None if day == dt.date.min else day))
        return tuple(found)


def _left(facts: Facts) -> bool:
    return "left_on" in facts or "left_not_before" in facts


def _day(facts: Facts, name: str) -> dt.date | None:
    value = facts.get(name)
    return value if isinstance(value, dt.date) else None
