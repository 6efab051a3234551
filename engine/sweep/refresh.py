"""The nightly evaluation: only cases whose change day has come, or that were written to, are looked at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from engine.findings import Finding, stages_found
from engine.ruleset import RuleSet
from engine.sweep.change_day import CHANGE, STAGE, TODAY, ChangeDays
from engine.sweep.evaluator import Cases, SweepEvaluator
from engine.sweep.findings import in_words
from engine.sweep.frames import NAMES, ROW, CaseFrames

COLUMNS = {
    "findings": frozenset(Finding.__slots__) - {"message"},
    "unknown": frozenset({*NAMES, "rule", "missing"}),
    "cases": frozenset({"case", STAGE, CHANGE}),
}
"""What the parts of a standing say."""


@dataclass(frozen=True, slots=True)
class SweepState:
    """What stands on a day about every case, and when it will next change by itself."""

    as_of: dt.date
    findings: pl.DataFrame
    unknown: pl.DataFrame
    cases: pl.DataFrame
    """`case`, its `stage` (null where it is no case yet) and the day `change_on`."""

    def of_nobody(self, as_of: dt.date) -> SweepState:
        """What stands about no case at all, on another day."""
        return SweepState(as_of, self.findings.clear(), self.unknown.clear(), self.cases.clear())

    def only(self, codes: Iterable[str]) -> SweepState:
        """What stands about some cases."""
        those = pl.col("case").is_in(list(codes))
        return SweepState(self.as_of, *(getattr(self, part).filter(those) for part in COLUMNS))

    def without(self, codes: pl.Series) -> SweepState:
        """What stands about all cases but some."""
        others = ~pl.col("case").is_in(codes.to_list())
        return SweepState(self.as_of, *(getattr(self, part).filter(others) for part in COLUMNS))

    def stages(self, ruleset: RuleSet) -> dict[str, int]:
        """How many cases are in each stage."""
        return stages_found(dict(self.cases.drop_nulls(STAGE).group_by(STAGE).len().iter_rows()), ruleset)


class Refreshing:
    """Keeps a standing up to date, by the plans of an evaluator."""

    def __init__(self, evaluator: SweepEvaluator) -> None:
        self.evaluator, self.changes = evaluator, ChangeDays(evaluator)
        rules = evaluator.ruleset.rules.values()
        self._growing = [rule.name for rule in rules if rule.late_on == TODAY]

    def full(self, cases: Cases, as_of: dt.date) -> SweepState:
        """Everything anew."""
        frames = self.evaluator.frames(cases)
        result = self.evaluator.evaluate(frames, as_of)
        codes = frames.cases.select(ROW, pl.col("code").alias("case")).collect()
        standing = codes.join(self.changes.next(frames, as_of), on=ROW).drop(ROW)
        findings, unknown = in_words(result.findings.collect()).drop(ROW), result.unknown.collect().drop(ROW)
        return SweepState(as_of, findings, unknown, standing)

    def stirring(self, standing: SweepState, as_of: dt.date, written: Iterable[str]) -> pl.Series:
        """The cases of a standing that may have changed on a later day; `written` are those written to since.

        Raises `ValueError` for a day before the standing's.
        """
        if as_of < standing.as_of:
            raise ValueError("a standing goes forward in time only")
        return standing.cases.filter((pl.col(CHANGE) <= as_of) | pl.col("case").is_in(list(written)))["case"]

    def refreshed(self, standing: SweepState, cases: Cases, as_of: dt.date, written: Iterable[str]) -> SweepState:
        """The standing on a later day, from all cases; `written` are those that were written to since."""
        frames = self.evaluator.frames(cases)
        stirring = self.stirring(standing, as_of, written)
        known, there = standing.cases["case"], frames.cases.select(pl.col("code").alias("case")).collect()["case"]
        looked_at = self.full(self._without(frames, known.filter(~known.is_in(stirring.to_list()))), as_of)
        gone = known.filter(~known.is_in(there.to_list()))
        return self.joined(standing, pl.concat([stirring, gone]), looked_at)

    def joined(self, standing: SweepState, stirring: pl.Series, looked_at: SweepState) -> SweepState:
        """What stood about all but some cases, grown to the day of what was looked at anew, and that beside it."""
        resting = standing.without(stirring)
        return SweepState(
            looked_at.as_of,
            pl.concat([self.aged(resting.findings, looked_at.as_of), looked_at.findings]),
            pl.concat([resting.unknown, looked_at.unknown]),
            pl.concat([resting.cases, looked_at.cases]),
        )

    @staticmethod
    def _without(frames: CaseFrames, codes: pl.Series) -> CaseFrames:
        """The cases but those named."""
        named = pl.DataFrame({"code": codes}).lazy()
        return replace(frames, cases=frames.cases.join(named, on="code", how="anti", maintain_order="left"))

    def aged(self, findings: pl.DataFrame, as_of: dt.date) -> pl.DataFrame:
        """Findings with their lateness of the new day."""
        days = (pl.lit(as_of) - pl.col("due")).dt.total_days().cast(pl.Int32)
        grown = pl.when(pl.col("rule").is_in(self._growing)).then(pl.when(days > 0).then(days))
        return findings.with_columns(grown.otherwise(pl.col("days_late")).alias("days_late"))
