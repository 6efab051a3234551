"""What is new since the last look: the store's standing is kept, and only cases that may have changed are looked at.

A case may have changed when it was written to, or when its change day has come; all others stand as they did. The
standing is a file for its owner's eyes only, which can be thrown away: the next look then begins anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import polars as pl

from cases.history.receipts import rules_hash
from cases.log.batches import last_batch, read_batches, read_changes
from cases.store.connection import home, querying, sqlite_path
from cases.store.frames import kept_columns, stored_cases
from cases.store.problems import store_errors
from cases.values.whole_file import whole_file
from desk.answers.matters import first_of_each
from desk.question import Question
from desk.sweeping.store_sweep import frames
from engine.ruleset import RuleSet
from engine.sweep.change_day import CHANGE
from engine.sweep.evaluator import SweepEvaluator
from engine.sweep.refresh import Refreshing, SweepState
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day, stored_day

FORM = 1
"""The form of the file; a later form gets another number, and a file of another form is not used."""

_PARTS = ("findings", "unknown", "cases")
_KEY = ["case", "rule"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A standing with what it rests on: the last write it knows of, and the law with its overlays."""

    standing: SweepState
    batch: int
    head: str
    rules: str


@dataclass(frozen=True, slots=True)
class News:
    """What is new about a store on a day."""

    question: Question
    file: Path
    """Where the standing of the last look is kept."""
    now: SweepState
    since: dt.date | None
    """The day of the last look; None where there was none."""
    came: pl.DataFrame
    """The findings that were not there, or not of this severity: `severity_before` says of which they were."""
    went: pl.DataFrame
    standing: pl.DataFrame
    """Where there was no earlier look: the findings that already stand; else none."""
    looked_at: int
    coming: pl.DataFrame
    """The days ahead on which cases change by themselves: `change_on`, `cases`."""

    def listed(self, found: pl.DataFrame) -> list[dict[str, Any]]:
        """The rows of what came, went or stands as a screen lists them, one line a matter."""
        of = itemgetter(*_KEY, "severity")
        return first_of_each(found.to_dicts(), self.question.ruleset.rules, of)

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "as_of": self.now.as_of,
            "since": self.since,
            "cases": self.now.cases.drop_nulls("stage").height,
            "looked_at": self.looked_at,
            "came": self.came.to_dicts(),
            "went": self.went.to_dicts(),
            "standing": self.standing.to_dicts(),
            "coming": self.coming.to_dicts(),
            "overlays": list(self.question.overlays),
        }


def standing_file(url: str) -> Path:
    """Where the standing of a store is kept: beside it, or in the user's folder for a server's."""
    path = sqlite_path(url)
    if path is not None:
        return path.with_name(f"{path.name}.standing")
    return home() / f"standing-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def news(url: str, question: Question, *, keep: bool = False) -> News:
    """What came and what went since the last look that was kept; `keep` keeps this one.

    Raises `StoreProblem`, and `BadInput` for a day before that of the last look.
    """
    as_of = question.as_of
    before = _read(standing_file(url))
    if before is not None and as_of < before.standing.as_of:
        raise BadInput(
            f"Lần xem trước tính đến ngày {shown_day(before.standing.as_of)}. "
            f"Chọn ngày ấy hoặc ngày sau; muốn bắt đầu lại thì xoá tệp “{standing_file(url)}”."
        )
    if before is not None and not _of_this_form(before.standing, _refreshing(question.ruleset).full([], as_of)):
        before = None
    with querying(url) as execute:
        last = last_batch(execute)
        batch, head = (last.id, last.hash) if last is not None else (0, "")
        written = None if before is None else _written(execute, before)
    # A column that the office begins to keep changes what is found about everybody.
    rules = " ".join([rules_hash(question.overlay_files), *sorted(kept_columns(url)), *map(repr, question.confirmed)])
    refreshing = _refreshing(question.ruleset)
    if before is None or written is None or before.rules != rules:
        now = _look(refreshing, url, as_of, None)
        looked_at = now.cases.height
    else:
        resting = refreshing.resting(before.standing, as_of, written)
        codes = set(before.standing.cases["case"]).difference(resting) | written
        seen = _look(refreshing, url, as_of, sorted(codes))
        looked_at, now = seen.cases.height, refreshing.joined(before.standing, resting, seen)
    if keep:
        _write(standing_file(url), Kept(now, batch, head, rules))
    return _compared(question, standing_file(url), None if before is None else before.standing, now, looked_at)


@cache
def _refreshing(ruleset: RuleSet) -> Refreshing:
    """The plans of a rule set, kept for the next question."""
    return Refreshing(SweepEvaluator(ruleset))


def _look(refreshing: Refreshing, url: str, as_of: dt.date, codes: Iterable[str] | None) -> SweepState:
    """What stands about all cases of the store, or about some."""
    names = [name for name, fact in refreshing.evaluator.ruleset.vocabulary.facts.items() if fact.kind != "computed"]
    found = [refreshing.full([], as_of)]
    found += [refreshing.full(frames(batch), as_of) for batch in stored_cases(url, names, codes=codes)]
    parts = [pl.concat([getattr(one, part) for one in found], how="vertical_relaxed") for part in _PARTS]
    return SweepState(as_of, *parts)


def _of_this_form(kept: SweepState, made: SweepState) -> bool:
    """Whether what was kept has the columns that are made now; an earlier program, or a hand, left others."""
    return all(set(getattr(kept, part).columns) == set(getattr(made, part).columns) for part in _PARTS)


def _written(execute: Any, before: Kept) -> set[str] | None:
    """The cases written to since; None where the log is another, or a unit was given another code."""
    known = {batch.id: batch.hash for batch in read_batches(execute)}
    if known.get(before.batch, "") != before.head:
        return None
    written: set[str] = set()
    for change in read_changes(execute, first=before.batch + 1):
        flats = [json.loads(side) for side in (change.before, change.after) if side]
        if change.entity == "unit" and len(flats) == 2 and "code" in flats[0]:
            return None
        if change.entity == "case":
            written |= {change.key} | {flat["code"] for flat in flats if "code" in flat}
        elif change.entity == "discipline":
            written |= {change.key.partition(" · ")[0]} | {flat["case"] for flat in flats if "case" in flat}
    return written


def _compared(question: Question, file: Path, before: SweepState | None, now: SweepState, looked_at: int) -> News:
    ahead = now.cases.drop_nulls(CHANGE).group_by(CHANGE).len("cases").sort(CHANGE)
    nothing = now.findings.clear().with_columns(pl.lit(None, dtype=pl.String).alias("severity_before"))
    if before is None:
        return News(question, file, now, None, nothing, now.findings.clear(), now.findings.sort(_KEY), looked_at, ahead)
    old = before.findings.select(*_KEY, pl.col("severity").alias("severity_before"))
    beside = now.findings.join(old, on=_KEY, how="left")
    came = beside.filter(pl.col("severity_before").ne_missing(pl.col("severity"))).sort(_KEY)
    went = before.findings.join(now.findings, on=_KEY, how="anti").sort(_KEY)
    return News(question, file, now, before.as_of, came, went, now.findings.clear(), looked_at, ahead)


def _write(path: Path, kept: Kept) -> None:
    """Write a standing whole or not at all."""
    meta = {"form": FORM, "as_of": kept.standing.as_of.isoformat()}
    meta |= {"batch": kept.batch, "head": kept.head, "rules": kept.rules}
    with store_errors(str(path)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole_file(path, replace=True) as draft, zipfile.ZipFile(draft, "w") as archive:
        archive.writestr("meta.json", json.dumps(meta))
        for part in _PARTS:
            columns = io.BytesIO()
            getattr(kept.standing, part).write_parquet(columns)
            archive.writestr(f"{part}.parquet", columns.getvalue())


def _read(path: Path) -> Kept | None:
    """The standing of a file; None where there is none that can be used."""
    if not path.exists():
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            meta = json.loads(archive.read("meta.json"))
            if meta["form"] != FORM:
                return None
            parts = [pl.read_parquet(io.BytesIO(archive.read(f"{part}.parquet"))) for part in _PARTS]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, pl.exceptions.PolarsError):
        return None
    standing = SweepState(stored_day(meta["as_of"]), *parts)
    return Kept(standing, meta["batch"], meta["head"], meta["rules"])
