"""The population with every fact that can be recorded: what `bench.population` leaves out is filled here and there.

There a rule that reads an empty column folds away before it is run; here nearly every rule meets somebody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from random import Random

import polars as pl

from bench import AS_OF
from bench.population import TYPES, numbered, population, repeated
from rules.loader import vocabulary
from rules.loader.vocabulary import Fact, Vocabulary

DIFFERENT = 20_000
"""So many cases differ from one another; there are more by repeating them with other days."""
FILLED = 0.03
"""The share of the cases that have each of the facts added here."""
STALLED = 0.4
"""The share of the cases that stand still since some day."""
_KEPT_AS_THEY_ARE = ("code", "full_name", "unit", "candidate_on")
_NUMBERS = {"birth_year": (1960, 2007), "population_child_order": (1, 5), "months_inactive": (1, 15)}
_TEXTS = {"submitted_to": "DU-01", "moved_to": "DU-02", "moved_from": "DU-03", "tasked_cell": "CB-007"}


def facts_recorded() -> list[Fact]:
    """All facts that a case can have of its own, with the days that a day known in part leaves open."""
    words = vocabulary.load()
    return [fact for fact in words.facts.values() if fact.kind not in ("given", "computed")]


def all_facts(size: int) -> pl.DataFrame:
    """So many cases with a column for every recorded fact."""
    return numbered(repeated(base(), size))


@cache
def base() -> pl.DataFrame:
    """The different cases, with all facts, in an office that keeps every column.

    Who has a day known in part lacks the day itself.
    """
    words, known = vocabulary.load(), population(DIFFERENT)
    random = Random(20261130)
    began = known["candidate_on"].to_list()
    columns: dict[str, list[object]] = {}
    for fact in facts_recorded():
        if fact.kind in ("first_day", "last_day") or fact.name in words.partly or fact.name in _KEPT_AS_THEY_ARE:
            continue
        values = known[fact.name].to_list() if fact.name in known.columns else [None] * DIFFERENT
        for row in random.sample(range(DIFFERENT), int(DIFFERENT * FILLED)):
            values[row] = _value(random, words, fact, began[row])
        columns[fact.name] = values
    _stall(random, columns, words.step_kinds)
    for of, (first, last) in words.partly.items():
        day = "recognised_from" if of == "recognised_partly" else of.replace("_partly", "_on")
        columns |= _in_part(columns[day], random.sample(range(DIFFERENT), int(DIFFERENT * FILLED)), of, first, last)
    kept = [pl.lit(value=True).alias(mark) for mark in words.kept.values()]
    filled = (pl.Series(name, values, dtype=TYPES[str(words.facts[name].type)]) for name, values in columns.items())
    return known.with_columns(*filled, *kept)


def _stall(random: Random, columns: dict[str, list[object]], steps: Iterable[str]) -> None:
    """Many cases stand still since some day: what was done later was not done."""
    for row in random.sample(range(DIFFERENT), int(DIFFERENT * STALLED)):
        until = AS_OF - dt.timedelta(days=random.randrange(1, 1500))
        for step in steps:
            day = columns[step][row] if step in columns else None
            if isinstance(day, dt.date) and day > until:
                columns[step][row] = None


def _in_part(days: list[object], rows: list[int], of: str, first: str, last: str) -> dict[str, list[object]]:
    """Of some rows only the year is known of a day: the year, its first and its last day. The day is taken away."""
    year: list[object] = [None] * len(days)
    starts: list[object] = [None] * len(days)
    ends: list[object] = [None] * len(days)
    for row in rows:
        on = days[row]
        if isinstance(on, dt.date):
            year[row], starts[row], ends[row] = str(on.year), dt.date(on.year, 1, 1), dt.date(on.year, 12, 31)
            days[row] = None
    return {of: year, first: starts, last: ends}


def _value(random: Random, words: Vocabulary, fact: Fact, began: dt.date | None) -> object:
    """Something that a fact may hold."""
    if fact.type == "mark":
        return True
    if fact.type == "code":
        return random.choice(list(words.codes[str(fact.codes)]))
    if fact.type == "number":
        return random.randrange(*_NUMBERS.get(fact.name, (0, 20)))
    if fact.name == "person_code":
        return f"N-{random.randrange(10**9):09}"
    if fact.type == "text":
        return _TEXTS.get(fact.name, "điều ghi thêm")
    if fact.name == "born_on":
        return AS_OF - dt.timedelta(days=random.randrange(16 * 365, 75 * 365))
    least = began or AS_OF - dt.timedelta(days=1000)
    span = max(2, (AS_OF - least).days)
    return least + dt.timedelta(days=random.randrange(1, span if random.random() < 0.95 else span + 60))
