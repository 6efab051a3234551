"""What will stand on the days right after a look, worked out while the plans of the look are at hand.

Whoever asks on one of these days waits for no rule to be planned and no case to be read but those written to
meanwhile: only what changes until then is kept here. It may be thrown away at any time; the cases are looked at then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from engine.sweep.change_day import CHANGE, STAGE
from engine.sweep.refresh import COLUMNS
from rules.loader.kept.copies import key_of
from rules.loader.spelling.days import stored_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.sweep.refresh import Refreshing, SweepState

DAYS = 3
"""So many days are looked ahead: a night, or a night after days on which nobody works."""
LEAST = 20_000
"""From so many cases on that pays: with fewer a look at some takes no longer."""
ON = "on"
"""The column that says from which day on something will stand."""

PARTS = {
    "soon_before": frozenset({"case", STAGE, CHANGE}),
    "soon_was": COLUMNS["findings"],
    "soon_cases": frozenset({"case", STAGE, CHANGE, ON}),
    "soon_findings": COLUMNS["findings"] | {ON},
    "soon_coming": frozenset({CHANGE, "cases"}),
}
"""The frames, with the columns that each has."""
_META = frozenset({"until", "recorded", "judged", "by"})
ENGINE = Path(__file__).parents[2] / "engine"


@dataclass(frozen=True, slots=True)
class Soon:
    """What changes by itself until a day, of the cases of a standing."""

    until: dt.date
    recorded: int
    """How many cases there are, and how many of them are cases already on the day of the standing."""
    judged: int
    soon_before: pl.DataFrame
    """The cases that change, as the standing has them."""
    soon_was: pl.DataFrame
    """The findings of the standing about them."""
    soon_cases: pl.DataFrame
    """How each stands from a day on, and when it changes next."""
    soon_findings: pl.DataFrame
    soon_coming: pl.DataFrame
    """On how many cases' change each later day is, of all cases of the standing."""

    @classmethod
    def of(cls, standing: SweepState, look: Callable[[dt.date, list[str]], SweepState]) -> Soon:
        """Look at each case on each day on which it changes; `look` gives what stands of some cases on a day."""
        until = standing.as_of + dt.timedelta(days=DAYS)
        before = standing.cases.filter(pl.col(CHANGE) <= until)
        pending = before.select("case", CHANGE)
        cases = [before.clear().with_columns(_on(until))]
        findings = [standing.findings.clear().with_columns(_on(until))]
        for days in range(1, DAYS + 1):
            day = standing.as_of + dt.timedelta(days=days)
            due = pending.filter(pl.col(CHANGE) == day)["case"].to_list()
            if due:
                seen = look(day, due)
                cases.append(seen.cases.with_columns(_on(day)))
                findings.append(seen.findings.with_columns(_on(day)))
                pending = pl.concat([pending.filter(pl.col(CHANGE) > day), seen.cases.select("case", CHANGE)])
        return cls(
            until,
            standing.cases.height,
            standing.cases[STAGE].count(),
            before,
            standing.findings.filter(pl.col("case").is_in(before["case"].to_list())),
            pl.concat(cases, how="vertical_relaxed"),
            pl.concat(findings, how="vertical_relaxed"),
            counted(standing.cases),
        )

    def on(self, as_of: dt.date, refreshing: Refreshing, written: Written | None = None) -> Night:
        """What has changed by a day, not after `until`, with what was seen of cases written to since the look."""
        now = self.soon_cases.filter(pl.col(ON) <= as_of).sort(ON).unique("case", keep="last", maintain_order=True)
        if written is not None:
            now = now.filter(~pl.col("case").is_in(written.codes))
        changed = pl.col("case").is_in(now["case"].to_list())
        stand = self.soon_findings.join(now.select("case", ON), on=["case", ON], how="semi").drop(ON)
        before, was = self.soon_before.filter(changed), self.soon_was.filter(changed)
        now, stand = now.drop(ON), refreshing.aged(stand, as_of)
        if written is not None:
            before, was = _with(before, written.before.cases), _with(was, written.before.findings)
            now, stand = _with(now, written.seen.cases), _with(stand, written.seen.findings)
        left = counted(before).select(CHANGE, -pl.col("cases").cast(pl.Int64))
        parts = (self.soon_coming, counted(now), left)
        days = pl.concat([part.select(CHANGE, pl.col("cases").cast(pl.Int64)) for part in parts])
        coming = days.group_by(CHANGE).sum().filter(pl.col("cases") > 0).sort(CHANGE)
        coming = coming.with_columns(pl.col("cases").cast(self.soon_coming.schema["cases"]))
        recorded = self.recorded - before.height + now.height
        judged = self.judged - before[STAGE].count() + now[STAGE].count()
        return Night(now.height, recorded, judged, stand, was, coming)

    def frames(self) -> dict[str, pl.DataFrame]:
        """The frames by name."""
        return {part: getattr(self, part) for part in PARTS}

    def meta(self) -> dict[str, Any]:
        """What is no frame, as JSON has it."""
        return {
            "until": self.until.isoformat(),
            "recorded": self.recorded,
            "judged": self.judged,
            "by": key_of((ENGINE,)),
        }

    @classmethod
    def from_parts(cls, meta: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> Soon | None:
        """What was kept; None where something else was."""
        if any(set(frames[part].columns) != columns for part, columns in PARTS.items()) or not meta.keys() >= _META:
            return None  # an earlier program, or a hand, left others
        if not meta["by"] or meta["by"] != key_of((ENGINE,)):
            return None  # another program worked it out, or nobody can tell
        parts = (frames[part] for part in PARTS)
        return cls(stored_day(meta["until"]), meta["recorded"], meta["judged"], *parts)


@dataclass(frozen=True, slots=True)
class Written:
    """Cases written to since a standing: how they stood, and how they stand on the day that is asked about."""

    codes: list[str]
    before: SweepState
    seen: SweepState


@dataclass(frozen=True, slots=True)
class Night:
    """What has changed since a standing."""

    changed: int
    """How many of the cases that there are."""
    recorded: int
    """How many cases there are, and how many of them are cases already on the day."""
    judged: int
    findings: pl.DataFrame
    """What stands about those that changed, and what stood."""
    was: pl.DataFrame
    coming: pl.DataFrame


def counted(cases: pl.DataFrame) -> pl.DataFrame:
    """On how many cases' change each day is."""
    return cases.select(CHANGE).drop_nulls().group_by(CHANGE).len("cases").sort(CHANGE)


def _with(some: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Rows of both, which have the same columns in whatever order."""
    return pl.concat([some, others.select(some.columns)], how="vertical_relaxed")


def _on(day: dt.date) -> pl.Expr:
    return pl.lit(day).alias(ON)
