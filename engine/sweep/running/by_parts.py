"""A plan run on Polars part by part: of a slice of cases those of a stage, and of these the rows that a rule is about.

On one thread: what is done at a time is so little that threads wait for one another longer than they work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import polars as pl

from engine.sweep.frames import DECIDED, LATER, ROW
from engine.sweep.nodes import Kind, Node
from engine.sweep.running.parts import Part
from engine.sweep.running.plan import Outcome, Plan, Within, asked_within, uses
from engine.sweep.running.sources import Source
from engine.sweep.running.values import TYPES, Mark, Value, either, repeated, series

SLICE = 1_000_000
"""So many rows at most are worked on at a time: what is worked out for them is kept until then."""
_DUE, _PLACE = "due", "_place"
_LIST = pl.List(pl.String)
_UNDECIDED: Mapping[str, Any] = {"rule": pl.String, "missing": _LIST}

Found = dict[str, Any]
"""What was found by a rule: its rows in the frame, and columns, or what is the same in all of these rows."""


@dataclass(frozen=True, slots=True)
class _OfSlice:
    """What was found in a slice, by rule."""

    stages: dict[str, int]
    findings: dict[str, Found]
    unknown: dict[str, Found]


class ByParts:
    """Runs a plan on one frame after the other."""

    def __init__(self, plan: Plan, read: Iterable[str]) -> None:
        """`read` are the facts that rules read, or name in what they say."""
        self.plan = plan
        self._uses = uses(plan.conditions(), plan.graph)
        self._within = [asked_within(plan, code, self._uses) for code in (*plan.stages, None)]
        needed = {*read, *(str(node.detail) for node in self._uses if node.op == "col"), LATER, DECIDED, ROW}
        needed |= {column for column in plan.of_case().values() if column}
        self._columns = [name for name in plan.columns if name in needed]
        self._days = plan.recorded.days.intersection(self._columns)
        said = plan.said(next(iter(plan.rules))) if plan.rules else {}
        self._kinds = {name: pl.Date if name == _DUE else TYPES[node.kind] for name, node in said.items()}

    def run(self, frame: Any) -> Outcome:
        """All findings of a lazy frame."""
        # Streamed, columns come in many pieces, and everything that is worked out of them is slower.
        cases: pl.DataFrame = frame.select(self._columns).collect(engine="in-memory")
        starts = range(0, cases.height or 1, SLICE)
        found = [self._swept(cases[start : start + SLICE], start) for start in starts]
        stages = {code: sum(of.stages[code] for of in found) for code in self.plan.stages}
        findings = [of.findings[rule] for rule in self.plan.rules for of in found if rule in of.findings]
        unknown = [of.unknown[rule] for rule in self.plan.lacking for of in found if rule in of.unknown]
        return Outcome(stages, self._together(cases, findings, self._kinds), self._together(cases, unknown, _UNDECIDED))

    def _swept(self, cases: pl.DataFrame, start: int) -> _OfSlice:
        """What is found in a slice, which begins at a row: stage by stage."""
        whole = Part(Source(self.plan.graph, self.plan.lock, self._uses, cases, self._days))
        stages = dict.fromkeys(self.plan.stages, 0)
        findings, unknown = dict[str, list[Found]](), dict[str, list[Found]]()
        for within, part in self._by_stage(whole):
            stages |= {} if within.code is None else {within.code: part.height}
            for rule, conditions in within.holds.items():
                findings.setdefault(rule, []).extend(self._findings(part, rule, conditions))
            for rule, lacking in within.lacking.items():
                unknown.setdefault(rule, []).extend(_unknown(part, rule, lacking))
        whole.forget()
        told = {rule: _in_order(of, start, self._kinds) for rule, of in findings.items() if of}
        undecided = {rule: _in_order(of, start, _UNDECIDED) for rule, of in unknown.items() if of}
        return _OfSlice(stages, told, undecided)

    def _by_stage(self, whole: Part) -> Iterator[tuple[Within, Part]]:
        """The cases of each stage that has any."""
        exists, left = self.plan.recorded.exists, whole.height
        for within in self._within:
            of = whole.where(whole.mark(within.of)) if left else None
            if of is None:
                continue
            left -= of.height
            of.grant(within.granted)
            cases: Part | None = of
            if not within.exist:
                if exists.op == "or" and of.leaves_many(exists.args[0]):
                    whole.mark(self.plan.recorded.ahead)  # sooner seen of all at once
                cases = of.where(of.mark(exists))
            if cases is not None:
                cases.grant({exists: True})
                yield within, cases
                cases.forget()
            of.forget()

    def _findings(self, part: Part, rule: str, conditions: tuple[Node, ...]) -> Iterator[Found]:
        holders = part.holders(conditions)
        if holders is not None and holders.height:
            said = self.plan.said(rule).items()
            yield {_PLACE: holders.rows, **{name: _column(holders.value(node), node.kind) for name, node in said}}
            if holders is not part:
                holders.forget()

    def _together(self, cases: pl.DataFrame, found: list[Found], kinds: Mapping[str, Any]) -> pl.LazyFrame:
        """What was found as one frame; what a row says of its case is put beside it when it is asked for."""
        lengths = [len(of[_PLACE]) for of in found]
        places = pl.concat([of[_PLACE] for of in found], rechunk=True) if found else pl.Series(dtype=pl.UInt32)
        columns = {name: _joined([of[name] for of in found], lengths, kind) for name, kind in kinds.items()}
        of_case = (
            pl.lit(None, dtype=pl.String).alias(name) if column is None else _taken(cases[column]).alias(name)
            for name, column in self.plan.of_case().items()
        )
        return pl.DataFrame({_PLACE: places, **columns}).lazy().select(*of_case, *columns)


def _taken(values: pl.Series) -> pl.Expr:
    """The values of the rows in which something was found."""
    return pl.col(_PLACE).map_batches(lambda places: values.rechunk()[places], return_dtype=values.dtype)


def _joined(parts: list[Any], lengths: list[int], kind: Any) -> pl.Series:
    """Columns, and values that are the same for so many rows each, as one column."""
    columns = [
        part.cast(kind) if isinstance(part, pl.Series) else repeated(part, kind, length)
        for part, length in zip(parts, lengths, strict=True)
    ]
    return pl.concat(columns) if columns else pl.Series(dtype=kind)


def _unknown(part: Part, rule: str, facts: Mapping[str, Node]) -> Iterator[Found]:
    lacking = _lacking(part, {fact: part.mark(node) for fact, node in facts.items()})
    if lacking is not None:
        yield {_PLACE: lacking[0], "rule": rule, "missing": lacking[1]}


def _in_order(found: list[Found], start: int, kinds: Mapping[str, Any]) -> Found:
    """What a rule found in the cases of several stages of a slice, which begins at a row, in the order of the cases."""
    places = pl.concat([of[_PLACE] for of in found]) + start
    if len(found) == 1:
        return {**found[0], _PLACE: places}
    order, lengths = places.arg_sort(), [len(of[_PLACE]) for of in found]
    together = {_PLACE: places[order]}
    for name, kind in kinds.items():
        parts = [of[name] for of in found]
        alike = not any(isinstance(part, pl.Series) or part != parts[0] for part in parts)
        together[name] = parts[0] if alike else _joined(parts, lengths, kind).rechunk()[order]
    return together


def _column(value: Value, kind: Kind) -> Any:
    """A value as a column, null where there is none; one that all rows have as it is."""
    if isinstance(value.there, bool):
        return value.data if value.there else None
    data = series(value.data, kind).cast(TYPES[kind])
    return data.zip_with(value.there, pl.Series([None], dtype=data.dtype))


def _lacking(part: Part, marks: dict[str, Mark]) -> tuple[pl.Series, pl.Series] | None:
    """The rows that lack some facts, and the list of these for each."""
    where = part.where(reduce(either, marks.values()))
    if where is None or not where.height:
        return None
    there = {fact: mark for fact, mark in marks.items() if mark is not False}
    number: Any = 0
    for place, mark in enumerate(there.values()):
        own = mark if mark is True or where is part else where.own(mark)
        number = number + own * 2**place if own is True else own.cast(pl.UInt64) * 2**place + number
    if not isinstance(number, pl.Series):
        number = repeated(number, pl.UInt64, where.height)
    ways = number.unique().to_list()
    lists = pl.Series(
        [[fact for place, fact in enumerate(there) if way >> place & 1] for way in ways], dtype=pl.List(pl.String)
    )
    index = number.replace_strict(ways, range(len(ways)), return_dtype=pl.UInt32) if len(ways) > 1 else number * 0
    return where.rows, lists[index.cast(pl.UInt32)]
