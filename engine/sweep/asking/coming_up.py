"""The limits that lie ahead, in columns: the same as `engine.coming_up` finds one case after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from engine.coming_up import Coming, Deadline, load_deadlines
from engine.ruleset import Rule, RuleSet
from engine.sweep.asking.looking import WHO, as_day
from engine.sweep.evaluator import facts_behind
from engine.sweep.findings import Describing
from engine.sweep.nodes import Node

_SAID = ("document", "clause", "certainty")
SCHEMA = {**WHO, "day": pl.Date, **dict.fromkeys(("deadline", "label", *_SAID), pl.String)}
"""A row is a `Coming`, with the number of its case before it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Which limits are looked for, in a span of days."""

    deadlines: Sequence[Deadline]
    rules: Sequence[Rule]
    """Of overlays: what a province asks for has no other list of limits."""
    after: dt.date
    last: dt.date

    @classmethod
    def of(cls, ruleset: RuleSet, after: dt.date, last: dt.date) -> Limits:
        """All limits after a day and up to another."""
        rules = [rule for rule in ruleset.rules.values() if rule.text.overlay is not None and rule.due is not None]
        return cls(load_deadlines(ruleset), rules, after, last)

    def facts(self, ruleset: RuleSet) -> frozenset[str]:
        """The recorded facts behind all of them."""
        exprs = [expr for limit in self.deadlines for expr in (limit.when, limit.day, limit.cites.on)]
        return facts_behind(ruleset, self.rules, exprs)

    def asked(self, describing: Describing) -> Mapping[str, Node]:
        """The columns of each limit; its day is absent where a case does not have it."""
        graph, read, found = describing.graph, describing.reading.read, dict[str, Node]()
        nothing = graph.const(None, "whole")
        for limit in self.deadlines:
            counts, said = graph.sure(read(limit.when).value), describing.cited(limit.day, limit.cites)
            found[f"{limit.name} day"] = graph.when(counts, read(limit.day).value, nothing)
            found |= {f"{limit.name} {part}": said[part] for part in _SAID}
        for rule in self.rules:
            said = describing.columns(rule)
            found[f"{rule.name} day"] = graph.when(describing.reading.rule(rule.name).value, said["due"], nothing)
            found |= {f"{rule.name} {part}": said[part] for part in _SAID}
        return found

    def rows(self, looked: pl.DataFrame) -> pl.DataFrame:
        """The limits in the span, one row each, in the columns of `SCHEMA`."""
        named = [(limit.name, limit.label) for limit in self.deadlines]
        named += [(rule.name, rule.title) for rule in self.rules]
        parts = [pl.DataFrame(schema=SCHEMA)]
        for name, label in named:
            day = as_day(f"{name} day")
            said = [pl.col(f"{name} {part}").cast(pl.String).alias(part) for part in _SAID]
            own = [pl.lit(name).alias("deadline"), pl.lit(label).alias("label")]
            within = looked.filter((day > self.after) & (day <= self.last))
            parts.append(within.select(*WHO, day.alias("day"), *own, *said))
        return pl.concat(parts)


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Limits, soonest first."""
    return rows.sort("day", "case", "deadline")


def values(rows: pl.DataFrame) -> list[Coming]:
    """Rows of limits as values."""
    named = rows.with_columns(pl.col("name").fill_null(""), pl.col("case").fill_null(""))
    return [Coming(*row) for row in named.select(Coming.__slots__).iter_rows()]
