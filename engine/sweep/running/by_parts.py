"""A plan run on Polars part by part: slices of the cases side by side, and of each the rows that a rule is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from typing import Any

import polars as pl

from engine.sweep.frames import DECIDED, LATER, ROW
from engine.sweep.nodes import Kind
from engine.sweep.running.parts import Part
from engine.sweep.running.plan import Outcome, Plan, uses
from engine.sweep.running.sources import Source
from engine.sweep.running.values import TYPES, Mark, Value, either, repeated, series

SLICE = 1_000_000
"""So many rows at most are worked on at a time: what is worked out for them is kept until then."""
FEW_ROWS = 20_000
"""For so few rows rules are not shared out to threads."""
_DUE, _PLACE, _WHICH = "due", "_place", "_which"
_LIST = pl.List(pl.String)
_UNDECIDED: Mapping[str, Any] = {"rule": pl.String, "missing": _LIST}


@dataclass(frozen=True, slots=True)
class _OfSlice:
    """What was found in a slice, by rule; the rows are those of the whole frame."""

    stages: dict[str, int]
    findings: dict[str, dict[str, Any]]
    unknown: dict[str, dict[str, Any]]


class ByParts:
    """Runs a plan on one frame after the other."""

    def __init__(self, plan: Plan, read: Iterable[str]) -> None:
        """`read` are the facts that rules read, or name in what they say."""
        self.plan = plan
        self._uses = uses(plan.conditions(), plan.graph)
        needed = {*read, *(str(node.detail) for node in self._uses if node.op == "col"), LATER, DECIDED, ROW}
        needed |= {column for column in plan.of_case().values() if column}
        self._columns = [name for name in plan.columns if name in needed]
        self._days = plan.recorded.days.intersection(self._columns)

    def run(self, frame: Any) -> Outcome:
        """All findings of a lazy frame."""
        cases: pl.DataFrame = frame.select(self._columns).collect()
        threads = pl.thread_pool_size() if cases.height > FEW_ROWS else 1
        starts = range(0, cases.height or 1, SLICE)
        with ThreadPoolExecutor(max_workers=threads) as pool:
            each = partial(_shared_out, pool, threads) if threads > 1 else map
            found = [self._swept(cases[start : start + SLICE], start, each) for start in starts]
        stages = {code: sum(of.stages[code] for of in found) for code in self.plan.stages}
        findings = [of.findings[rule] for rule in self.plan.rules for of in found if rule in of.findings]
        unknown = [of.unknown[rule] for rule in self.plan.lacking for of in found if rule in of.unknown]
        said = self.plan.said(next(iter(self.plan.rules))) if self.plan.rules else {}
        kinds = {name: pl.Date if name == _DUE else TYPES[node.kind] for name, node in said.items()}
        return Outcome(stages, self._together(cases, findings, kinds), self._together(cases, unknown, _UNDECIDED))

    def _swept(self, cases: pl.DataFrame, start: int, each: Callable[..., Iterable[Any]]) -> _OfSlice:
        """What is found in a slice, which begins at a row; `each` is `map`, of threads or plain."""
        part = Part(Source(self.plan.graph, self.plan.lock, self._uses, cases, self._days))
        # What all rules ask comes first: threads would work it out side by side.
        stages = {code: _count(part.mark(node), part.height) for code, node in self.plan.stages.items()}
        findings = self._told(each(partial(self._findings, part), self.plan.holds), self.plan.holds, start)
        unknown = self._told(each(partial(self._unknown, part), self.plan.lacking), self.plan.lacking, start)
        part.forget()
        return _OfSlice(stages, findings, unknown)

    @staticmethod
    def _told(found: Iterable[Any], rules: Iterable[str], start: int) -> dict[str, dict[str, Any]]:
        told = ((rule, of) for rule, of in zip(rules, found, strict=True) if of is not None)
        return {rule: {**of, _PLACE: of[_PLACE] + start} for rule, of in told}

    def _findings(self, part: Part, rule: str) -> dict[str, Any] | None:
        holders = part.holders(self.plan.holds[rule])
        if holders is None or not holders.height:
            return None
        said = self.plan.said(rule).items()
        return {_PLACE: holders.rows, **{name: _column(holders.value(node), node.kind) for name, node in said}}

    def _unknown(self, part: Part, rule: str) -> dict[str, Any] | None:
        lacking = _lacking(part, {fact: part.mark(node) for fact, node in self.plan.lacking[rule].items()})
        return None if lacking is None else {_PLACE: lacking[0], "rule": rule, "missing": lacking[1]}

    def _together(self, cases: pl.DataFrame, found: list[dict[str, Any]], kinds: Mapping[str, Any]) -> pl.LazyFrame:
        """What was found as one frame: where, and which finding; the rest is put beside it when it is asked for."""
        lengths = [len(of[_PLACE]) for of in found]
        numbers = [repeated(number, pl.UInt32, length) for number, length in enumerate(lengths)]
        columns: dict[str, pl.Series] = {
            _PLACE: pl.concat([of[_PLACE] for of in found]) if found else pl.Series(dtype=pl.UInt32),
            _WHICH: pl.concat(numbers) if found else pl.Series(dtype=pl.UInt32),
        }
        said = [
            pl.lit(None, dtype=pl.String).alias(name) if column is None else _taken(cases[column], _PLACE).alias(name)
            for name, column in self.plan.of_case().items()
        ]
        for name, kind in kinds.items():
            parts = [of[name] for of in found]
            if any(isinstance(part, pl.Series) for part in parts):
                columns[name] = _joined(parts, lengths, kind)
                said.append(pl.col(name))
            else:
                said.append(_taken(pl.Series(parts, dtype=kind), _WHICH).alias(name))
        return pl.DataFrame(columns).lazy().select(*said)


def _shared_out(
    pool: Executor, threads: int, work: Callable[[str], dict[str, Any] | None], rules: Collection[str]
) -> Iterable[Any]:
    """The work done for each rule, neighbours by one thread: what they have in common is worked out once."""
    size = -(-len(rules) // threads) or 1
    groups = [list(rules)[start : start + size] for start in range(0, len(rules), size)]
    return chain.from_iterable(pool.map(lambda group: [work(rule) for rule in group], groups))


def _taken(values: pl.Series, number: str) -> pl.Expr:
    """The values with the numbers in a column."""
    return pl.col(number).map_batches(lambda numbers: values.rechunk()[numbers], return_dtype=values.dtype)


def _joined(parts: list[Any], lengths: list[int], kind: Any) -> pl.Series:
    """Columns, and values that are the same for so many rows each, as one column."""
    columns = (
        part.cast(kind) if isinstance(part, pl.Series) else repeated(part, kind, length)
        for part, length in zip(parts, lengths, strict=True)
    )
    return pl.concat(columns)


def _count(mark: Mark, height: int) -> int:
    return height * mark if isinstance(mark, bool) else int(mark.sum())


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
