"""What is new since the last look: the store's standing is kept, and only cases that may have changed are looked at.

The standing is a file for its owner's eyes only, which can be thrown away: the next look then begins anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Any

import polars as pl

from cases.store.keys.boxes import BoxDamaged, closed, open_box
from cases.store.keys.ring import raw_key
from cases.store.problems import store_errors
from cases.store.sight import sight
from cases.values.places import beside, private_folder
from cases.values.whole_file import whole_file
from desk.answers.matters import first_of_each
from desk.question import Question
from desk.sweeping.soon import ON, PARTS, Soon, counted
from desk.sweeping.standing import (
    Basis,
    Standing,
    basis_of,
    refreshing_of,
    renewed,
    soon,
    written_since,
    written_to,
)
from engine.sweep.change_day import CHANGE, STAGE
from engine.sweep.refresh import COLUMNS, SweepState
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day, stored_day

FORM = 1
"""The form of the file; a later form gets another number, and a file of another form is not used."""

_KEY = ["case", "rule"]


@dataclass(frozen=True, slots=True)
class News:
    """What is new about a store on a day."""

    question: Question
    file: Path
    """Where the standing of the last look is kept."""
    since: dt.date | None
    """The day of the last look; None where there was none."""
    came: pl.DataFrame
    """The findings that were not there, or not of this severity: `severity_before` says of which they were."""
    went: pl.DataFrame
    standing: pl.DataFrame
    """Where there was no earlier look: the findings that already stand; else none."""
    looked_at: int
    """How many cases can have changed; no other was looked at."""
    coming: pl.DataFrame
    """The days ahead on which cases change by themselves: `change_on`, `cases`."""
    recorded: int
    """How many cases there are."""
    judged: int
    """How many of them are cases already on the day."""

    def listed(self, found: pl.DataFrame) -> list[dict[str, Any]]:
        """The rows of what came, went or stands as a screen lists them, one line a matter."""
        of = itemgetter(*_KEY, "severity")
        return first_of_each(found.to_dicts(), self.question.ruleset.rules, of)

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "as_of": self.question.as_of,
            "since": self.since,
            "cases": self.judged,
            "looked_at": self.looked_at,
            "came": self.came.to_dicts(),
            "went": self.went.to_dicts(),
            "standing": self.standing.to_dicts(),
            "coming": self.coming.to_dicts(),
            "overlays": list(self.question.overlays),
        }


def standing_file(url: str, owner: str = "") -> Path:
    """Where the last look at a store is kept: beside it, or in the user's folder for a server's; of each who signs in.

    ``owner`` is who signed in; nobody does at a desk of one user.
    """
    own = f".{hashlib.sha256(owner.encode()).hexdigest()[:12]}" if owner else ""
    return beside(url, f"standing{own}")


def standing_files(url: str) -> list[Path]:
    """Where somebody's last look is kept, of everybody."""
    own = standing_file(url)
    return [own, *sorted(own.parent.glob(f"{own.name}.*"))]


def news(url: str, question: Question, owner: str = "", *, keep: bool = False) -> News:
    """What came and what went since the last look that was kept; `keep` keeps this one.

    Raises `StoreProblem`, and `BadInput` for a day before that of the last look.
    """
    file = standing_file(url, owner)
    if not keep and (foreseen := _foreseen(url, question, file)) is not None:
        return foreseen
    before = _read(url, file)
    if before is not None and question.as_of < before.state.as_of:
        raise BadInput(
            f"Lần xem trước tính đến ngày {shown_day(before.state.as_of)}. "
            f"Chọn ngày ấy hoặc ngày sau; muốn bắt đầu lại thì xoá tệp “{file}”."
        )
    found = renewed(url, question, before)
    if keep:
        _write(url, file, found.standing, soon(url, question, found.standing.state))
    if before is not None and found.before is None and sight() is not None:
        # whoever has gone to another unit since is not told of
        before = _without(before, ~pl.col("case").is_in(found.seen.cases["case"].to_list()))
    now, resting = found.seen, found.seen.cases.clear()
    was = None if before is None else before.state.findings
    if found.before is not None and was is not None:
        stirred = pl.col("case").is_in(found.stirring.to_list())
        resting, was = found.before.state.cases.filter(~stirred), was.filter(stirred)
    cases = pl.concat([part.select(STAGE, CHANGE) for part in (resting, now.cases)])
    numbers = now.cases.height, counted(cases), cases.height, cases[STAGE].count()
    return _compared(question, file, None if before is None else before.state.as_of, was, now.findings, *numbers)


def _foreseen(url: str, question: Question, file: Path) -> News | None:
    """What was worked out with the last look for the days after it; None where it does not serve.

    It does for those who see everything; cases written to since are looked at. Raises `StoreProblem`.
    """
    kept = None if sight() is not None else _read_soon(url, file)
    if kept is None:
        return None
    since, before, soon_ = kept
    if not since <= question.as_of <= soon_.until or basis_of(url, question).rules != before.rules:
        return None
    codes = written_since(url, before, pl.Series("case", dtype=pl.String))
    if codes is None:
        return None
    written = None
    if codes:
        standing = _read(url, file)
        if standing is None:
            return None
        written = written_to(url, question, codes, standing.state)
    night = soon_.on(question.as_of, refreshing_of(question.ruleset), written)
    numbers = night.changed, night.coming, night.recorded, night.judged
    return _compared(question, file, since, night.was, night.findings, *numbers)


def _compared(
    question: Question,
    file: Path,
    since: dt.date | None,
    was: pl.DataFrame | None,
    now: pl.DataFrame,
    *numbers: Any,
) -> News:
    """What came and what went, of the cases that can have changed."""
    none = now.clear()
    nothing = none.with_columns(pl.lit(None, dtype=pl.String).alias("severity_before"))
    if was is None:
        return News(question, file, since, nothing, none, now.sort(_KEY), *numbers)
    old = was.select(*_KEY, pl.col("severity").alias("severity_before"))
    beside = now.join(old, on=_KEY, how="left")
    came = beside.filter(pl.col("severity_before").ne_missing(pl.col("severity"))).sort(_KEY)
    went = was.join(now, on=_KEY, how="anti").sort(_KEY)
    return News(question, file, since, came, went, none, *numbers)


def remembered(url: str, codes: Collection[str]) -> list[dict[str, Any]]:
    """The findings of the last looks that were kept about some cases, and those worked out for the days after."""
    found: list[dict[str, Any]] = []
    there = pl.col("case").is_in(list(codes))
    for file in standing_files(url):
        before, ahead = _read(url, file), _read_soon(url, file)
        found += [] if before is None else before.state.findings.filter(there).to_dicts()
        found += [] if ahead is None else ahead[2].soon_findings.drop(ON).filter(there).to_dicts()
    return [one for place, one in enumerate(found) if one not in found[:place]]


def forget(url: str, codes: Collection[str]) -> None:
    """Take cases out of what last looks left; a file that cannot be read, which nobody uses any more, goes."""
    for path in standing_files(url):
        before = _read(url, path)
        if before is None:
            path.unlink(missing_ok=True)
        else:  # what was worked out for the days after goes with them
            _write(url, path, _without(before, pl.col("case").is_in(list(codes))), None)


def _without(kept: Standing, those: pl.Expr) -> Standing:
    parts = [getattr(kept.state, part).filter(~those) for part in COLUMNS]
    return replace(kept, state=SweepState(kept.state.as_of, *parts))


def reclose(url: str, raw: bytes | None) -> None:
    """Close what last looks left with another key, or open it; raises `OSError`."""
    for path in filter(Path.is_file, standing_files(url)):
        with suppress(BoxDamaged):  # nobody can read it, and the next look begins anew
            content = open_box(url, path)
            with whole_file(path, replace=True, as_it_came=True) as draft:
                draft.write_bytes(closed(raw, content))


def _write(url: str, path: Path, kept: Standing, ahead: Soon | None) -> None:
    """Write a standing whole or not at all, and beside it what was worked out for the days after."""
    meta = {"form": FORM, "as_of": kept.state.as_of.isoformat()}
    meta |= {"batch": kept.batch, "head": kept.head, "rules": kept.rules}
    meta |= {} if ahead is None else {"soon": ahead.meta()}
    frames = {part: getattr(kept.state, part) for part in COLUMNS} | ({} if ahead is None else ahead.frames())
    with store_errors(str(path)):
        private_folder(path.parent)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("meta.json", json.dumps(meta))
        for part, frame in frames.items():
            columns = io.BytesIO()
            frame.write_parquet(columns)
            archive.writestr(f"{part}.parquet", columns.getvalue())
    with whole_file(path, replace=True) as draft:
        draft.write_bytes(closed(raw_key(url), whole.getvalue()))


def _read(url: str, path: Path) -> Standing | None:
    """The standing of a file; None where there is none that can be used."""
    found = _read_parts(url, path, COLUMNS)
    if found is None:
        return None
    meta, frames = found
    if any(set(frame.columns) != COLUMNS[part] for part, frame in frames.items()):
        return None  # an earlier program, or a hand, left others
    return Standing(SweepState(stored_day(meta["as_of"]), **frames), meta["batch"], meta["head"], meta["rules"])


def _read_soon(url: str, path: Path) -> tuple[dt.date, Basis, Soon] | None:
    """The day of a look, what it rests on and what was worked out with it; None where nothing was."""
    found = _read_parts(url, path, PARTS)
    if found is None:
        return None
    meta, frames = found
    ahead = Soon.from_parts(meta["soon"], frames)
    basis = Basis(meta["batch"], meta["head"], meta["rules"])
    return None if ahead is None else (stored_day(meta["as_of"]), basis, ahead)


def _read_parts(url: str, path: Path, parts: Collection[str]) -> tuple[dict[str, Any], dict[str, pl.DataFrame]] | None:
    """Some frames of a file, with what it says of itself; None where it does not have them."""
    if not path.exists():
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(open_box(url, path))) as archive:
            meta = json.loads(archive.read("meta.json"))
            if meta["form"] != FORM:
                return None
            return meta, {part: pl.read_parquet(io.BytesIO(archive.read(f"{part}.parquet"))) for part in parts}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, pl.exceptions.PolarsError, BoxDamaged):
        return None
