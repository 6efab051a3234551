"""Invented lives, each lived first and written down afterwards, and the figures counted from the lives themselves.

People are listed, come from elsewhere, are admitted, recognised, change their cell, go, come back, leave, die, are
dropped as candidates; some are kept by two cells, and cells go into others. What is counted here is counted from what
happened, day by day, by the plainest means: nothing of the program is used. Thousands of little committees stand side
by side in one roster, so that one pass counts them all.

`python -m tests.lives 20000` holds so many committees against the program, live and in columns.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from cases.values.records import Placement, Record, Roster, StepEntry, Unit, UnitStanding, Value
from desk.counting import counting as columns
from desk.counting import ledgers
from engine.statistics.controls import failed
from engine.statistics.counting import Run
from engine.statistics.ledger import Ledger
from rules.loader import controls as controls_loader

FIRST, DAYS = dt.date(2023, 1, 1), 365 * 3
EXITS = {"died": "exit.died", "expelled": "exit.expelled", "struck_off": "exit.struck_off", "resigned": "exit.resigned"}
EVENTS = ("admission.total", "recognition.recognised", *EXITS.values(), "transfer.in", "transfer.out")
FIGURES = ("member.opening", "member.total", "flow.increase", "flow.decrease", "flow.undated", *EVENTS)
YEAR = (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
HALVES = ((dt.date(2024, 1, 1), dt.date(2024, 6, 30)), (dt.date(2024, 7, 1), dt.date(2024, 12, 31)))


@dataclass
class Life:
    """What happened to one person: each day on which something did, in order, and where the person then was."""

    happened: list[tuple[dt.date, str, str | None]] = field(default_factory=list)
    """Day, what, and the cell the person was in from then on (None = not here)."""
    decided_on: dt.date | None = None
    """The day of the decision on an admission; what happened has that of the ceremony."""

    def counted(self, *, by_decision: bool) -> list[tuple[dt.date, str, str | None]]:
        """What happened, with the admission on the day by which it is counted; nothing lies between the two days."""
        return [
            (self.decided_on if by_decision and what == "admitted" and self.decided_on else day, what, cell)
            for day, what, cell in self.happened
        ]


@dataclass
class Committee:
    """Three cells below one committee; the third may go into the second on a day."""

    name: str
    merged_on: dt.date | None
    lives: list[Life] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    @property
    def cells(self) -> list[str]:
        """The cells."""
        return [f"{self.name}-{number}" for number in (1, 2, 3)]

    def units(self) -> Iterator[Unit]:
        """The units as the roster has them."""
        yield Unit(self.name, level="grassroots_committee")
        for number, cell in enumerate(self.cells):
            history: tuple[UnitStanding, ...] = ()
            if number == 2 and self.merged_on is not None:
                gone = UnitStanding(self.name, self.merged_on, self.cells[1])
                history = (UnitStanding(self.name), gone)
            yield Unit(cell, level="cell", parent=self.name, history=history)

    def cell_on(self, cell: str | None, day: dt.date) -> str | None:
        """The cell that one has become by a day."""
        gone = cell == self.cells[2] and self.merged_on is not None and self.merged_on <= day
        return self.cells[1] if gone else cell


def committee(random: Random, number: int, people: int = 8) -> Committee:
    """A committee with invented people."""
    merged = FIRST + dt.timedelta(random.randrange(DAYS)) if random.random() < 0.4 else None
    made = Committee(f"U{number:05}", merged)
    for person in range(people):
        _live(random, made, f"{made.name}-P{person}")
    return made


def _live(random: Random, home: Committee, code: str) -> None:
    """Live a life, and write it down as an office would: in one row, or in a row of each of two cells."""
    days = sorted(FIRST + dt.timedelta(number) for number in random.sample(range(-200, DAYS), 9))
    cell = random.choice(home.cells)
    fields: dict[str, Value] = {"code": code, "full_name": f"Người {code}", "sex": "Nữ", "unit": cell}
    life = Life()
    steps, stays = list[StepEntry](), [Placement(cell)]
    at: str | None = cell
    if random.random() < 0.3:
        at = None
        fields["candidate_on"] = days[0]
    else:
        fields["candidate_on"] = days[0]
        life.happened.append((days[0], "listed", cell))
    admitted = recognised = gone = False
    second: dict[str, Value] | None = None

    def step(name: str, day: dt.date) -> None:
        if name in fields:
            steps.append(StepEntry(name, fields[name]))  # type: ignore[arg-type]  # a day
        fields[name] = day

    for day, following in pairwise((*days[1:], days[-1] + dt.timedelta(40))):
        choice = random.random()
        if gone:
            if choice < 0.3 and not recognised and admitted:  # written down although it happened to nobody here
                fields["recognition_decided_on"] = day
                recognised = True
        elif not admitted and choice < 0.5:
            admitted = True
            ceremony = day + dt.timedelta(random.randrange((following - day).days))
            fields["admission_decided_on"], fields["admitted_on"], life.decided_on = day, ceremony, day
            life.happened.append((ceremony, "admitted", at))
        elif admitted and not recognised and choice < 0.4:
            recognised = True
            fields["recognition_decided_on"] = day
            life.happened.append((day, "recognised", at))
        elif at is None and choice < 0.8:
            step("moved_in_on", day)
            at = stays[-1].unit
            life.happened.append((day, "came", at))
        elif at is not None and choice < 0.6:
            if "moved_in_on" not in fields and "moved_out_on" not in fields and random.random() < 0.5:
                other = random.choice([c for c in home.cells if c != at])
                arrives = day + dt.timedelta(random.choice((0, random.randrange((following - day).days))))
                second = {"code": f"{code}-2", "unit": other, "moved_in_on": arrives, "moved_from": at}
                fields["moved_out_on"], fields["moved_to"] = day, other
                life.happened.append((arrives, "moved", other))  # on the way she is still where she was
                break
            step("moved_out_on", day)
            life.happened.append((day, "went", None))
            at = None
        elif at is not None and choice < 0.75:
            at = random.choice([c for c in home.cells if c != at])
            stays.append(Placement(at, day))
            fields["unit"] = at
            life.happened.append((day, "moved", at))
        elif at is not None and choice < 0.9:
            kind = random.choice(list(EXITS))
            fields["left_on"], fields["exit_kind"] = day, kind
            life.happened.append((day, kind, None))
            gone, at = True, None
    if life.happened and life.happened[0][1] != "listed" and not any(what == "came" for _, what, _ in life.happened):
        fields["moved_in_on"] = FIRST + dt.timedelta(DAYS + 30)  # comes only after everything that is counted
    home.lives.append(life)
    placed = tuple(stays) if len(stays) > 1 else ()
    if second is not None:
        fields["person_code"] = code
        shared = {n: v for n, v in fields.items() if n not in ("code", "unit", "moved_out_on", "moved_to")}
        home.records.append(Record(f"{code}-2", {**shared, **second}))
    home.records.append(Record(code, fields, tuple(steps), placements=placed))


def counted(home: Committee, unit: str, start: dt.date, end: dt.date, *, by_decision: bool = False) -> Counter[str]:
    """The figures of a unit in a period, from what happened."""
    found: Counter[str] = Counter()
    for life in home.lives:
        _count(home, life.counted(by_decision=by_decision), unit, start, end, found)
    found["flow.increase"] = found["admission.total"] + found["transfer.in"]
    found["flow.decrease"] = found["transfer.out"] + sum(found[name] for name in EXITS.values())
    return found


def _count(
    home: Committee,
    happened: list[tuple[dt.date, str, str | None]],
    unit: str,
    start: dt.date,
    end: dt.date,
    found: Counter[str],
) -> None:
    def sees(cell: str | None, day: dt.date) -> bool:
        return cell is not None and unit in (home.name, home.cell_on(cell, day))

    if home.merged_on is not None:
        happened.append((home.merged_on, "merged", None))
        happened.sort(key=lambda event: (event[0], event[1] != "merged"))
    member, cell, one = False, None, dt.timedelta(1)
    for day, what, now in happened:
        if day > end:
            break
        within = start <= day
        before = member and sees(cell, day - one if what == "merged" else day)
        if what == "merged":
            now = cell
        if what == "admitted":
            member = True
            found["admission.total"] += within and sees(now, day)
        elif what == "recognised":
            found["recognition.recognised"] += within and sees(now, day)
        elif what in EXITS:
            found[EXITS[what]] += within and before
            member = False
        after = member and sees(now, day)
        if what in ("came", "went", "moved", "merged"):
            found["transfer.in"] += within and after and not before
            found["transfer.out"] += within and before and not after
        found["member.opening"] += (day < start) * (int(after) - int(before))
        found["member.total"] += int(after) - int(before)
        cell = now


def roster(seed: int, number: int) -> tuple[list[Committee], Roster]:
    """So many committees, and the one roster they all stand in."""
    random = Random(seed)  # noqa: S311  # invented people, nothing secret
    homes = [committee(random, place) for place in range(number)]
    return homes, Roster(
        records=tuple(record for home in homes for record in home.records),
        units=tuple(unit for home in homes for unit in home.units()),
    )


def differences(seed: int, number: int, *, by_decision: bool = False) -> list[str]:
    """What does not hold of so many committees: live = columns = counted from the lives, and all that must add up.

    ``by_decision``: an admission counts from its decision, as a setting has it, and not from the ceremony.
    """
    homes, whole = roster(seed, number)
    settings = {"admission_date": "decision"} if by_decision else None
    periods = (YEAR, *HALVES)
    live = {period: ledgers.ledger(whole, Run(*period, period[1]), None, settings) for period in periods}
    frames = columns.of_roster(whole)
    swept = {period: columns.ledger(frames, Run(*period, period[1]), None, settings) for period in periods}
    for each in (*live.values(), *swept.values()):
        each.prepare(FIGURES)
    found = []
    for home in homes:
        for unit in (home.name, *home.cells):
            for period in periods:
                expected = counted(home, unit, *period, by_decision=by_decision)
                for name in FIGURES:
                    values = live[period].figure(name, unit).value, swept[period].figure(name, unit).value
                    if values != (expected[name],) * 2:
                        found.append(f"{seed} {unit} {period[0]} {name}: {values}, counted {expected[name]}")
            found += [f"{seed} {unit} {said}" for said in _adding_up(live, unit)]
        found += [f"{seed} {said}" for said in _cells_add_up(live[YEAR], home)]
    return found


def _adding_up(live: dict[tuple[dt.date, dt.date], Ledger], unit: str) -> Iterator[str]:
    """Opening and flow give the closing figure; halves give the year."""
    for period, each in live.items():
        opening, up, down, undated, total = (
            int(each.figure(name, unit).value or 0)
            for name in ("member.opening", "flow.increase", "flow.decrease", "flow.undated", "member.total")
        )
        if opening + up - down + undated != total:
            yield f"{period[0]}: {opening} + {up} - {down} + {undated} is not {total}"
    for name in EVENTS:
        year, *halves = (int(live[period].figure(name, unit).value or 0) for period in (YEAR, *HALVES))
        if year != sum(halves):
            yield f"{name}: {halves} do not make {year}"


def _cells_add_up(ledger: Ledger, home: Committee) -> Iterator[str]:
    for name in ("member.total", "admission.total", "recognition.recognised", *EXITS.values()):
        whole, *cells = (int(ledger.figure(name, unit).value or 0) for unit in (home.name, *home.cells))
        if whole != sum(cells):
            yield f"{name}: {cells} do not make {whole}"


def listed(seed: int, number: int, *, by_decision: bool = False) -> list[str]:
    """The figures of which another number of people is listed than they say; and the controls that fail."""
    _, whole = roster(seed, number)
    settings = {"admission_date": "decision"} if by_decision else None
    ledger = ledgers.ledger(whole, Run(*YEAR, YEAR[1]), None, settings)
    found = [n for n in FIGURES[1:2] + EVENTS if len(ledger.people(n)) != int(ledger.figure(n).value or 0)]
    return found + [failure.text.name for failure in failed(ledger, controls_loader.load())]


def main(number: int, at_a_time: int = 500) -> None:
    """Hold so many committees against the program."""
    for seed in range(0, number, at_a_time):
        found = differences(seed, min(at_a_time, number - seed), by_decision=seed // at_a_time % 2 == 1)
        if found:
            sys.exit("\n".join(found[:20]))
    sys.stdout.write(f"{number} committees: live, in columns and counted from the lives the same.\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
