"""The two readings of the tree, for one record and for columns, agree on expressions nobody would write."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from engine.language.tree import Expr
from engine.ruleset import RuleSet
from engine.single.closures import Program
from engine.sweep.backends.polars_backend import PolarsBackend
from engine.sweep.days import tables_of
from engine.sweep.frames import CaseFrames, recorded_nodes
from engine.sweep.graph import Graph, day_of
from engine.sweep.layers import Layers
from engine.sweep.reading import Reading
from engine.unknowns import Outcome, Unknown
from tests.engine.counting.trees import Trees
from tests.engine.situations import Case, ruleset
from tests.given.population import Population
from tests.whole import seeds

ROWS = 60


def by_column(rules: RuleSet, expr: Expr, records: list[Case], as_of: dt.date) -> list[Outcome]:
    """What the column reading says of an expression, row by row, in the values of the record reading."""
    graph, backend = Graph(tables_of(rules.calendar)), PolarsBackend()
    frame = CaseFrames.of_records(records, rules.vocabulary).cases  # type: ignore[arg-type]  # no history
    columns = frame.collect_schema().names()
    recorded = recorded_nodes(rules, graph, columns, {"as_of": as_of})
    reading = Reading(rules, graph, recorded.facts)
    answer = reading.read(expr)
    names = sorted(answer.missing)
    roots = {"value": reading.plain(answer), **{f"lacks {name}": answer.missing[name] for name in names}}
    entered = backend.days_in(frame, recorded.days, [name for name in columns if name not in recorded.days])
    found: list[Outcome] = []
    for row in backend.rows(Layers(graph, backend, roots).run(entered, ["row"])):
        missing = frozenset(name for name in names if row[f"lacks {name}"])
        value = row["value"]
        if missing:
            assert value is None
            found.append(Unknown(missing))
        else:
            found.append(day_of(value) if expr.type == "date" and value is not None else value)
    return found


def close(one: Outcome, two: Outcome) -> bool:
    """Whether two outcomes are the same; a share is only written out as the nearest decimal."""
    decimals: list[object] = [one, two]
    if all(isinstance(value, float) for value in decimals):
        return math.isclose(*decimals)  # type: ignore[arg-type]  # floats
    return one == two


def by_record(rules: RuleSet, expr: Expr, records: list[Case], as_of: dt.date) -> list[Outcome]:
    """What the record reading says, fractions as the nearest decimal."""
    program, kinds = Program(rules), rules.vocabulary.step_kinds
    closure = program.compile(expr)
    found: list[Outcome] = []
    for record in records:
        visible = {n: v for n, v in record.fields.items() if n not in kinds or v <= as_of}  # type: ignore[operator]  # a step is a day
        outcome = closure(program.situation({**visible, "as_of": as_of}))
        found.append(float(outcome) if isinstance(outcome, Fraction) else outcome)  # type: ignore[arg-type]  # neither a fraction nor a step left over
    return found


@pytest.mark.parametrize("seed", seeds(60))
def test_readings_agree_on_grown_trees(seed: int, tmp_path: Path) -> None:
    """Any expression gives the same value, absence or unknown facts in both readings."""
    rules = ruleset(tmp_path)
    random = Random(seed)  # noqa: S311  # invented trees, nothing secret
    trees, population = Trees(rules, random), Population(rules)
    as_of, made = population.records(seed, ROWS)
    records = [Case(dict(record.fields)) for record in made]
    for type_ in ("mark", "mark", "date", "number", "fraction", "code", "text"):
        expr = trees.grow(type_, 4)
        expected = by_record(rules, expr, records, as_of)
        found = by_column(rules, expr, records, as_of)
        differing = [(c.fields, e, f) for c, e, f in zip(records, expected, found, strict=True) if not close(e, f)]
        assert not differing, f"{differing[0]}"
