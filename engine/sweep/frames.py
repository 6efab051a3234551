"""Cases as frames: one row a case with its recorded facts, and the history that one row cannot show beside it.

The projection of `engine.projection` for all rows at once: history is folded into the row as it stood on the day.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import Any

import polars as pl

from engine.language.tree import Scalar
from engine.projection import FREE_WORDS, CaseRecord
from engine.ruleset import RuleSet
from engine.sweep.graph import Graph, constant
from engine.sweep.layers import Backend, Expression, Frame
from engine.sweep.nodes import Node
from engine.sweep.reading import KINDS
from rules.loader import vocabulary as vocabulary_data
from rules.loader.spelling.partly import possible_days
from rules.loader.spelling.words import read_word
from rules.loader.vocabulary import Vocabulary

ROW = "row"
"""The number of a case in the frame; history names its case by it."""
AS_OF = "as_of"
AHEAD = "_ahead"
"""The first day after `as_of` on which a case has a step or an entry of its history."""
LATER = "_later"
"""Whether a case has a step after the day."""
DECIDED = "_decided"
"""Whether a case has a recognition decision at all, be it after the day."""
_READ, _FACT = "_read_", "_fact"
_DECISION, _DECISION_RECORDED = "recognition_decided_on", "recognition_decision_recorded"

NAMES = {"case": "code", "name": "full_name", "unit": "unit"}
"""What a finding says of its case, and the recorded facts that say it."""

POLARS_TYPES = {"date": pl.Date, "number": pl.Int64, "mark": pl.Boolean, "code": pl.Categorical, "text": pl.String}


@dataclass(frozen=True, slots=True)
class CaseFrames:
    """Cases in columns: `cases` has a column for each recorded fact, the history has `row` to say whose it is."""

    cases: Frame
    steps: Frame | None = None
    """`row`, `kind`, `on`."""
    attributes: Mapping[str, Frame] = field(default_factory=dict)
    """For each attribute `row`, `entry` (its place among the entries of the case), `value`, `since`."""
    placements: Frame | None = None
    """`row`, `entry`, `value` (the unit), `since`, and `until` where it is known to end."""

    @classmethod
    def of_records(cls, records: Iterable[CaseRecord], vocabulary: Vocabulary) -> CaseFrames:
        """The frames of records."""
        kept = list(records)
        facts = {n: f for n, f in vocabulary.facts.items() if f.kind in ("step", "attribute", "mark") or f.keeps}
        schema: dict[str, Any] = {name: POLARS_TYPES[str(fact.type)] for name, fact in facts.items()}
        cases = pl.DataFrame({n: [record.fields.get(n) for record in kept] for n in facts}, schema=schema)
        steps: list[tuple[int, str, dt.date]] = []
        attributes: dict[str, list[tuple[int, int, object, dt.date | None]]] = {}
        placements: list[tuple[int, int, str, dt.date | None, dt.date | None]] = []
        for row, record in enumerate(kept):
            steps += [(row, step.kind, step.on) for step in record.steps]
            for entry, attribute in enumerate(record.attributes):
                attributes.setdefault(attribute.name, []).append((row, entry, attribute.value, attribute.since))
            placements += [(row, n, stay.unit, stay.since, stay.until) for n, stay in enumerate(record.placements)]
        return cls(
            cases.with_row_index(ROW).lazy(),
            _history(steps, {"kind": pl.String, "on": pl.Date}),
            {n: _dated(entries, schema[n]) for n, entries in attributes.items() if n in schema},
            _history(placements, {"entry": pl.Int64, "value": pl.String, "since": pl.Date, "until": pl.Date}),
        )

    def as_of(self, day: dt.date | None, step_kinds: Iterable[str], backend: Backend) -> Frame:
        """One row a case with its history up to the day; without a day, up to the one in column `as_of` of each row.

        What is dated only in part has its first and its last day beside it.
        """
        cases, api = with_possible_days(self.cases, backend), backend.api
        if self.steps is None and not self.attributes and self.placements is None:
            return cases
        folding = _Folding(cases, api, api.col(AS_OF) if day is None else api.lit(day), own_day=day is None)
        if self.steps is not None:
            folding.steps(self.steps, list(step_kinds))
        folding.latest({**self.attributes, **({} if self.placements is None else {"unit": self.placements})})
        return folding.frame

    def on(self, day: dt.date, step_kinds: Iterable[str], backend: Backend, units: Collection[str] | None) -> Frame:
        """The rows as of a day as rules read them, all or those that are then in some units."""
        frame = with_words_read(self.as_of(day, step_kinds, backend), backend)
        if units is None:
            return frame
        return frame.filter(backend.api.col("unit").cast(backend.api.String).is_in(list(units)))

    def days(self, step_kinds: Iterable[str], backend: Backend) -> pl.LazyFrame:
        """All days (`row`, `_ahead`) from which on a step or an entry of history counts."""
        cases = with_possible_days(self.cases, backend)
        own = set(cases.collect_schema().names()).intersection(
            [*step_kinds, *(first for first, _ in _partly().values())]
        )
        dated = [*self.attributes.values(), *([] if self.placements is None else [self.placements])]
        days = [entries.select(ROW, pl.col("since").alias(AHEAD)) for entries in dated]
        days += [cases.select(ROW, pl.col(name).alias(AHEAD)) for name in sorted(own)]
        if self.steps is not None:
            days.append(self.steps.select(ROW, pl.col("on").alias(AHEAD)))
        together: pl.LazyFrame = pl.concat(days)
        return together.drop_nulls()


def _partly() -> Mapping[str, tuple[str, str]]:
    return vocabulary_data.load().partly


def with_possible_days(cases: Frame, backend: Backend) -> Frame:
    """The cases with the first and the last day beside each day known only in part."""
    there, api = set(cases.collect_schema().names()), backend.api
    known = {text: names for text, names in _partly().items() if text in there}
    if not known:
        return cases
    wanted = {
        f"{_READ}{name}": (text, partial(_possible_day, which))
        for text, names in known.items()
        for which, name in enumerate(names)
    }
    own = [name for names in known.values() for name in names]
    read = ((name, api.col(f"{_READ}{name}")) for name in own)
    days = ((api.coalesce(day, api.col(name)) if name in there else day).alias(name) for name, day in read)
    return backend.read(cases, wanted, days=True).with_columns(*days).drop(*wanted)


def _possible_day(which: int, text: str) -> dt.date | None:
    days = possible_days(text)
    return None if days is None else days[which]


def with_words_read(frame: Frame, backend: Backend) -> Frame:
    """The frame with its free words read as the rules know them; absent where they cannot be read."""
    there = [name for name in frame.collect_schema().names() if name in FREE_WORDS]
    if not there:
        return frame
    wanted = {f"{_READ}{name}": (name, partial(read_word, name)) for name in there}
    read = backend.read(frame, wanted).drop(*there)
    return read.rename({f"{_READ}{name}": name for name in there})


_BEFORE_ALL = dt.date(1800, 1, 1)
"""Stands for "from the beginning": no day of a record lies before 1900."""


class _Folding:
    """Folds history into the rows it belongs to."""

    def __init__(self, cases: Frame, api: Any, limit: Expression, *, own_day: bool) -> None:
        self.cases, self.frame, self.api, self.limit, self.own_day = cases, cases, api, limit, own_day
        self.columns = set(cases.collect_schema().names())

    def _with_limit(self, entries: Frame) -> Frame:
        """The entries, with the day of their case beside them where each row has its own."""
        return entries.join(self.cases.select(ROW, AS_OF), on=ROW, how="inner") if self.own_day else entries

    def steps(self, steps: Frame, kinds: list[str]) -> None:
        """The latest step of each kind; and whether one lies after the day, and whether there is a decision at all."""
        api, limit = self.api, self.limit
        on, kind = api.col("on"), api.col("kind")
        latest = (
            self._with_limit(steps)
            .group_by(ROW)
            .agg(
                *(api.when((kind == name) & (on <= limit)).then(on).max().alias(f"+{name}") for name in kinds),
                (on > limit).any().alias(LATER),
                (kind == _DECISION).any().alias(DECIDED),
            )
        )
        later, decided = [api.col(LATER).fill_null(value=False)], [api.col(DECIDED).fill_null(value=False)]
        found = {name: [api.col(f"+{name}")] for name in kinds}
        for name in self.columns.intersection(kinds):
            found[name].append(api.when(api.col(name) <= limit).then(api.col(name)))
            later.append((api.col(name) > limit).fill_null(value=False))
        if _DECISION in self.columns:
            decided.append(~api.col(_DECISION).is_null())
        self.frame = self.frame.join(latest, on=ROW, how="left").with_columns(
            *(api.max_horizontal(*days).alias(name) for name, days in found.items()),
            reduce(operator.or_, later).alias(LATER),
            reduce(operator.or_, decided).alias(DECIDED),
        )
        self.frame = self.frame.drop(*(f"+{name}" for name in kinds))
        self.columns |= {*kinds, LATER, DECIDED}

    def latest(self, histories: Mapping[str, Frame]) -> None:
        """For each fact the value of its latest entry that has begun; of two of one day, the first counts.

        Facts of one type go together: folded in one by one, each would go through the whole frame anew.
        """
        api, alike = self.api, dict[Any, list[str]]()
        for name, entries in histories.items():
            alike.setdefault(entries.collect_schema()["value"], []).append(name)
        for names in alike.values():
            each = [histories[name].with_columns(api.lit(name).alias(_FACT)) for name in names]
            told = [entries.select(ROW, _FACT, "entry", "value", "since") for entries in each]
            self.frame = self.frame.join(self._latest(api.concat(told), names), on=ROW, how="left")
        if histories:
            known = {name: [api.col(name)] if name in self.columns else [] for name in histories}
            values = (api.coalesce(api.col(f"+{name}"), *column).alias(name) for name, column in known.items())
            self.frame = self.frame.with_columns(*values).drop(*(f"+{name}" for name in histories))
        self.columns |= histories.keys()

    def _latest(self, entries: Frame, names: Iterable[str]) -> Frame:
        """The latest values of some facts side by side, a row for each case that has any."""
        api, since, entry, whose = self.api, self.api.col("since"), self.api.col("entry"), (ROW, _FACT)
        begun = self._with_limit(entries).filter(since.is_null() | (since <= self.limit))
        begun = begun.with_columns(since.fill_null(_BEFORE_ALL))
        begun = begun.filter(since == since.max().over(*whose))
        begun = begun.filter(entry == entry.min().over(*whose))
        own = (api.when(api.col(_FACT) == name).then(api.col("value")).max().alias(f"+{name}") for name in names)
        return begun.group_by(ROW).agg(*own)


def _history(rows: list[Any], schema: Mapping[str, Any]) -> Frame | None:
    if not rows:
        return None
    return pl.DataFrame(rows, schema={ROW: pl.UInt32, **schema}, orient="row").lazy()


def _dated(rows: list[tuple[int, int, object, dt.date | None]], type_: Any) -> Frame:
    schema = {ROW: pl.UInt32, "entry": pl.Int64, "value": type_, "since": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row").lazy()


@dataclass(frozen=True, slots=True)
class Recorded:
    """The recorded facts of the frame as nodes, and which rows are cases on the day at all."""

    facts: Mapping[str, Node]
    exists: Node
    ahead: Node
    """Which rows have a step after the day."""
    days: frozenset[str]
    """The columns that hold days."""


def recorded_nodes(
    ruleset: RuleSet, graph: Graph, columns: Iterable[str], given: Mapping[str, Scalar | None]
) -> Recorded:
    """The nodes of the recorded facts in a frame with such columns; `given` holds what the command gives.

    A day given as None is a column of the frame: each row has its own.
    """
    there = set(columns)
    facts: dict[str, Node] = {}
    days: set[str] = set()
    for name, value in given.items():
        kind = KINDS[ruleset.types[name]]
        facts[name] = graph.col(name, kind, nullable=False) if value is None else graph.const(constant(value), kind)
        days |= {name} if value is None else set()
    steps = []
    begun = ruleset.vocabulary.begun_on
    for name, fact in ruleset.vocabulary.facts.items():
        if name not in there or name in ruleset.computed or name in given:
            continue
        node = graph.col(name, KINDS[ruleset.types[name]])
        if fact.type == "date":
            days.add(name)
        if name in begun:
            steps.append(node)
            node = graph.until(node, facts[AS_OF])
        facts[name] = node
    if _DECISION_RECORDED not in facts:
        decided = graph.present(graph.col(_DECISION, "whole")) if _DECISION in there else graph.no
        facts[_DECISION_RECORDED] = graph.col(DECIDED, "mark", nullable=False) if DECIDED in there else decided
    # Who has a step on or before the day is a case; so is who has none at all, be it before or after.
    visible = [graph.compare("le", node, facts[AS_OF]) for node in steps]
    later = [graph.compare("gt", node, facts[AS_OF]) for node in steps]
    if LATER in there:
        later.append(graph.col(LATER, "mark", nullable=False))
    ahead = graph.any_of(later)
    # The first step says it of most; of the others it is soon seen that nearly none has a step ahead.
    exists = graph.any_of([*visible[:1], graph.none_of(ahead), *visible[1:]])
    return Recorded(facts, exists, ahead, frozenset(days))
