"""What the months ahead ask for, in columns: as `engine.statistics.timing.ahead` asks of one case after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from engine.ruleset import RuleSet
from engine.statistics.timing.ahead import A_DAY, Ask
from engine.statistics.timing.timed_steps import load_timed_steps
from engine.sweep.asking.looking import WHO, Looking, as_day
from engine.sweep.findings import Describing
from engine.sweep.nodes import Node

_ASKS = {**WHO, "what": pl.String, "opens": pl.Date, "closes": pl.Date}


class AskColumns:
    """Asks batch after batch; keep one for a whole store."""

    def __init__(self, ruleset: RuleSet, as_of: dt.date, last: dt.date) -> None:
        """What the limits after the as-of day and up to a last day ask for."""
        self.wanted, self.as_of, self.last = load_timed_steps(ruleset).asks, as_of, last
        self.looking = Looking(ruleset, as_of, self.asked)
        self._asks = [pl.DataFrame(schema=_ASKS)]

    def add(self, looked: pl.DataFrame) -> None:
        """Ask of the cases of a batch, as they were looked at."""
        for asking in self.wanted:
            for limit in asking.limits:
                closes, after = as_day(f"{asking.name} {limit.name}"), as_day(f"{asking.name} after")
                opens = pl.max_horizontal(after, pl.lit(self.as_of)) + A_DAY
                own = [pl.lit(asking.name).alias("what"), opens.alias("opens"), closes.alias("closes")]
                within = looked.filter((closes > self.as_of) & (closes <= self.last) & after.is_not_null())
                self._asks.append(within.select(*WHO, *own))

    def asks(self) -> list[Ask]:
        """All that is asked for, soonest first."""
        found = pl.concat(self._asks).sort("closes", "case", "what").with_columns(pl.col("name").fill_null(""))
        return [Ask(*line) for line in found.select(Ask.__slots__).iter_rows()]

    def asked(self, describing: Describing) -> Mapping[str, Node]:
        """What is asked of every case."""
        graph, read, found = describing.graph, describing.reading.read, dict[str, Node]()
        nothing = graph.const(None, "whole")
        for asking in self.wanted:
            of_whom = graph.yes if asking.when is None else graph.sure(read(asking.when).value)
            today = describing.reading.fact("as_of").value
            found[f"{asking.name} after"] = today if asking.after is None else read(asking.after).value
            for limit in asking.limits:
                counts = graph.all_of([of_whom, graph.sure(read(limit.when).value)])
                found[f"{asking.name} {limit.name}"] = graph.when(counts, read(limit.day).value, nothing)
        return found
