"""Invented cases by the thousand, crowded around the days on which an answer changes.

Everything comes from the vocabulary, the law and the rules themselves: which facts there are, which codes and words the
rules ask for, how long the periods are, on which days the law changes. The same seed gives the same cases.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from cases.values.records import AttributeEntry, Placement, Record, StepEntry, Value
from engine.language.time_limits import add_months
from engine.language.tree import Compare, Expr, FactRef, Literal, OneOf, children
from engine.ruleset import RuleSet
from rules.loader.law import DURATIONS

FIRST, LAST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
NAMES = ("Nguyễn Văn An", "Trần Thị Bình", "Lò Văn Chung", "Đặng Thị Ước")
UNITS = tuple(f"CB-{number:02}" for number in range(1, 13))


def clamped(day: int) -> dt.date:
    """The day of an ordinal, kept within the days that a record may hold."""
    return dt.date.fromordinal(min(max(day, FIRST.toordinal()), LAST.toordinal()))


def moved(day: dt.date, months: int) -> dt.date:
    """A day months later or earlier, kept within the days that a record may hold."""
    return (
        clamped(day.toordinal() + 30 * months) if not 1901 < day.year + months / 12 < 2099 else add_months(day, months)
    )


T = TypeVar("T")


class Draws(Random):
    """Chance that chooses faster than the library: most of a case's making is choosing."""

    def choice(self, seq: Sequence[T]) -> T:  # type: ignore[override]  # typeshed asks for less than a sequence
        """One of some; uneven by less than one in a million millions, where the library is even."""
        return seq[int(self.random() * len(seq))]


class Population:
    """Makes cases of a rule set, one at a time."""

    def __init__(self, ruleset: RuleSet) -> None:
        facts = ruleset.vocabulary.facts.values()
        self.ruleset = ruleset
        self.steps = [fact.name for fact in facts if fact.kind == "step"]
        self.marks = [fact.name for fact in facts if fact.kind == "mark"]
        self.days = [fact.name for fact in facts if fact.kind == "attribute" and fact.type == "date"]
        self.numbers = [fact.name for fact in facts if fact.kind == "attribute" and fact.type == "number"]
        self.codes = {
            f.name: list(ruleset.vocabulary.codes[f.codes]) for f in facts if f.kind == "attribute" and f.codes
        }
        self.partly = frozenset(ruleset.vocabulary.partly)
        own = {"code", "full_name", "unit"}
        words: dict[str, set[str]] = {f.name: {"khác"} for f in facts if f.kind == "attribute" and f.type == "text"}
        numbers: dict[str, set[int]] = {name: {0, 1, 2, 3, 7} for name in self.numbers}
        for rule in ruleset.rules.values():
            for condition in [rule.when, *(when for _, when in rule.severities if when is not None)]:
                _literals(condition, words, numbers)
        for computed in ruleset.computed.values():
            _literals(computed, words, numbers)
        for name in ruleset.vocabulary.partly:
            words[name] = {"x", "2019", "2024", "2025", "03/2024", "12/2025", "02/2024"}
        self.words = {name: sorted(found) for name, found in words.items() if name not in own}
        self.amounts = {name: sorted(found) for name, found in numbers.items()}
        self.periods = _periods(ruleset)
        self.special_days = _special_days(ruleset)

    def as_of(self, random: Random) -> dt.date:
        """A day to judge by."""
        if random.random() < 0.6:
            return self.near(random, random.choice(self.special_days))
        return clamped(random.randrange(dt.date(2010, 1, 1).toordinal(), dt.date(2028, 6, 30).toordinal()))

    def near(self, random: Random, day: dt.date) -> dt.date:
        """The day itself, or one beside it."""
        return clamped(day.toordinal() + random.choice((0, 0, 0, 1, -1, 2, -2)))

    def before(self, random: Random, day: dt.date) -> dt.date:
        """A day such that one or two of the law's periods end about `day`."""
        for _ in range(random.choice((1, 1, 2))):
            unit, amount = random.choice(self.periods)
            match unit:
                case "month":
                    day = moved(day, -amount)
                case "working_day":
                    day = clamped(day.toordinal() - amount * 7 // 5 - random.randrange(0, 9))
                case _:
                    day = clamped(day.toordinal() - amount)
        return self.near(random, day)

    def day(self, random: Random, known: list[dt.date]) -> dt.date:
        """A day in some relation to those known, on a boundary of the law or the calendar, or anywhere."""
        chance = random.random()
        if chance < 0.55:
            return self.before(random, random.choice(known))
        if chance < 0.7:
            return self.near(random, random.choice(known))
        if chance < 0.9:
            return self.near(random, random.choice(self.special_days))
        if chance < 0.99:
            return clamped(random.choice(known).toordinal() + random.randrange(-900, 200))
        return clamped(random.randrange(FIRST.toordinal(), LAST.toordinal() + 1))

    def _value(self, random: Random, name: str, known: list[dt.date]) -> Value:
        if name in self.codes:
            return random.choice(self.codes[name])
        if name in self.words:
            word = random.choice(self.words[name])
            if name in self.partly:
                return word
            return random.choice((word, word, word.upper(), word.lower()))
        if name in self.amounts:
            return random.choice(self.amounts[name])
        if name == "unit":
            return random.choice(UNITS)
        return True if name in self.marks else self._birth(random, name, known)

    def _birth(self, random: Random, name: str, known: list[dt.date]) -> dt.date:
        """A day of an attribute; a birth lies mostly some decades back, at times to the day."""
        if name != "born_on" or random.random() < 0.1:
            return self.day(random, known)
        years = random.choice((17, 18, 18, 30, 30, 45, 59, 60, 60, 61))
        return self.near(random, moved(random.choice(known), -12 * years))

    def record(self, random: Random, number: int, as_of: dt.date) -> Record:
        """One case; most of its dates lie so that something is decided about `as_of`."""
        known = [as_of]
        fields: dict[str, Value] = {"code": f"HS-{number:07}"}
        reached = random.randrange(len(self.steps) + 1)
        for place, name in enumerate(self.steps):
            if random.random() < (0.7 if place < reached else 0.06):
                fields[name] = found = self.day(random, known)
                known.append(found)
        rare = 0.5 if random.random() < 0.3 else 0.05
        for name in (*self.codes, *self.words, "unit"):
            if random.random() < 0.75:
                fields[name] = self._value(random, name, known)
        if random.random() < 0.85:
            fields["born_on"] = self._birth(random, "born_on", known)
            fields["full_name"] = random.choice(NAMES)
        for name in (*self.marks, *self.days, *self.numbers):
            if name != "born_on" and random.random() < rare:
                fields[name] = self._value(random, name, known)
        if random.random() < 0.85:
            return Record(str(fields["code"]), fields)
        return self._with_history(random, fields, known)

    def _with_history(self, random: Random, fields: dict[str, Value], known: list[dt.date]) -> Record:
        steps = [
            StepEntry(random.choice(self.steps), self.day(random, known)) for _ in range(random.choice((0, 1, 1, 2, 3)))
        ]
        words = [name for name in self.words if name not in self.partly]
        names = [*self.marks, *self.codes, *words, *self.days, *self.numbers]
        attributes = []
        for _ in range(random.choice((0, 1, 1, 2, 4))):
            name = random.choice(names[: random.choice((2, len(names)))])
            value = random.choice((True, False)) if name in self.marks else self._value(random, name, known)
            attributes.append(AttributeEntry(name, value, random.choice((None, self.day(random, known)))))
        placements = [
            Placement(random.choice(UNITS), random.choice((None, self.day(random, known))))
            for _ in range(random.choice((0, 0, 1, 2)))
        ]
        return Record(str(fields["code"]), fields, tuple(steps), tuple(attributes), tuple(placements))

    def records(self, seed: int, count: int, as_of: dt.date | None = None) -> tuple[dt.date, list[Record]]:
        """Many cases, and the day to judge them by."""
        random = Draws(seed)
        day = as_of or self.as_of(random)
        return day, [self.record(random, number, day) for number in range(count)]


def _literals(expr: Expr, words: dict[str, set[str]], numbers: dict[str, set[int]]) -> None:
    """Collect what facts are compared with."""
    pairs: list[tuple[Expr, tuple[object, ...]]] = []
    match expr:
        case Compare(left=left, right=Literal(value)):
            pairs.append((left, (value,)))
        case OneOf(value=left, members=members):
            pairs.append((left, members))
        case _:
            pass
    for left, values in pairs:
        if isinstance(left, FactRef) and left.name in words:
            words[left.name] |= {str(value) for value in values}
        if isinstance(left, FactRef) and left.name in numbers:
            numbers[left.name] |= {int(str(value)) + step for value in values for step in (-1, 0, 1)}
    for child in children(expr):
        _literals(child, words, numbers)


def _periods(ruleset: RuleSet) -> list[tuple[str, int]]:
    """Every period that the law knows, years as months."""
    found = {("day", 0), ("day", 90), ("month", 12)}
    for parameter in ruleset.law.parameters.values():
        if parameter.unit in DURATIONS:
            for entry in parameter.timeline:
                amount = int(entry.value)
                found.add(("month", 12 * amount) if parameter.unit == "year" else (parameter.unit, amount))
    return sorted(found)


def _special_days(ruleset: RuleSet) -> list[dt.date]:
    """Changes of law, ends of months, leap days, holidays, and the edges of the calendar."""
    found = {document.begins for document in ruleset.law.documents.values()}
    found |= {document.ends for document in ruleset.law.documents.values() if document.ends is not None}
    found |= {dt.date(year, month, 1) - dt.timedelta(days=1) for year in range(2012, 2029) for month in (2, 3, 5, 7, 9)}
    found |= {dt.date(year, 2, 29) for year in range(2004, 2029, 4)}
    first, last = ruleset.calendar.first_table_year, ruleset.calendar.last_table_year
    found |= {
        dt.date(year, month, day) for year in range(first - 1, last + 1) for month, day in ((4, 30), (9, 2), (12, 31))
    }
    found |= {dt.date.fromordinal(ordinal) for ordinal in ruleset.calendar.forecast_ordinals[::5]}
    return sorted(day for day in found if FIRST <= day <= LAST)
