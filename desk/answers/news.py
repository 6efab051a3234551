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
from cases.values.places import beside
from cases.values.whole_file import whole_file
from desk.answers.matters import first_of_each
from desk.question import Question
from desk.sweeping.standing import Renewed, Standing, renewed
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
    renewed: Renewed
    """What was looked at, and what stands as it did."""
    since: dt.date | None
    """The day of the last look; None where there was none."""
    came: pl.DataFrame
    """The findings that were not there, or not of this severity: `severity_before` says of which they were."""
    went: pl.DataFrame
    standing: pl.DataFrame
    """Where there was no earlier look: the findings that already stand; else none."""
    coming: pl.DataFrame
    """The days ahead on which cases change by themselves: `change_on`, `cases`."""
    recorded: int
    """How many cases there are."""
    judged: int
    """How many of them are cases already on the day."""

    @property
    def looked_at(self) -> int:
        """How many cases were looked at anew."""
        return self.renewed.seen.cases.height

    @property
    def now(self) -> SweepState:
        """What stands about everybody."""
        return self.renewed.standing.state

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
    as_of = question.as_of
    file = standing_file(url, owner)
    before = _read(url, file)
    if before is not None and as_of < before.state.as_of:
        raise BadInput(
            f"Lần xem trước tính đến ngày {shown_day(before.state.as_of)}. "
            f"Chọn ngày ấy hoặc ngày sau; muốn bắt đầu lại thì xoá tệp “{file}”."
        )
    found = renewed(url, question, before)
    if keep:
        _write(url, file, found.standing)
    if before is not None and found.before is None and sight() is not None:
        # whoever has gone to another unit since is not told of
        before = _without(before, ~pl.col("case").is_in(found.seen.cases["case"].to_list()))
    return _compared(question, file, None if before is None else before.state, found)


def _compared(question: Question, file: Path, before: SweepState | None, found: Renewed) -> News:
    """What came and what went: of the cases that were not looked at, nothing did."""
    now, resting = found.seen, found.seen.cases.clear()
    if before is not None and found.before is not None:
        stirred = pl.col("case").is_in(found.stirring.to_list())
        resting = before.cases.filter(~stirred)
        before = replace(before, findings=before.findings.filter(stirred))
    cases = pl.concat([part.select(STAGE, CHANGE) for part in (resting, now.cases)])
    ahead = cases.drop_nulls(CHANGE).group_by(CHANGE).len("cases").sort(CHANGE)
    numbers = cases.height, cases[STAGE].count()
    nothing = now.findings.clear().with_columns(pl.lit(None, dtype=pl.String).alias("severity_before"))
    none = now.findings.clear()
    if before is None:
        return News(question, file, found, None, nothing, none, now.findings.sort(_KEY), ahead, *numbers)
    old = before.findings.select(*_KEY, pl.col("severity").alias("severity_before"))
    beside = now.findings.join(old, on=_KEY, how="left")
    came = beside.filter(pl.col("severity_before").ne_missing(pl.col("severity"))).sort(_KEY)
    went = before.findings.join(now.findings, on=_KEY, how="anti").sort(_KEY)
    return News(question, file, found, before.as_of, came, went, none, ahead, *numbers)


def remembered(url: str, codes: Collection[str]) -> list[dict[str, Any]]:
    """The findings of the last looks that were kept about some cases."""
    kept = (_read(url, file) for file in standing_files(url))
    there = pl.col("case").is_in(list(codes))
    return [row for before in kept if before is not None for row in before.state.findings.filter(there).to_dicts()]


def forget(url: str, codes: Collection[str]) -> None:
    """Take cases out of what last looks left; a file that cannot be read, which nobody uses any more, goes."""
    for path in standing_files(url):
        before = _read(url, path)
        if before is None:
            path.unlink(missing_ok=True)
        else:
            _write(url, path, _without(before, pl.col("case").is_in(list(codes))))


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


def _write(url: str, path: Path, kept: Standing) -> None:
    """Write a standing whole or not at all."""
    meta = {"form": FORM, "as_of": kept.state.as_of.isoformat()}
    meta |= {"batch": kept.batch, "head": kept.head, "rules": kept.rules}
    with store_errors(str(path)):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("meta.json", json.dumps(meta))
        for part in COLUMNS:
            columns = io.BytesIO()
            getattr(kept.state, part).write_parquet(columns)
            archive.writestr(f"{part}.parquet", columns.getvalue())
    with whole_file(path, replace=True) as draft:
        draft.write_bytes(closed(raw_key(url), whole.getvalue()))


def _read(url: str, path: Path) -> Standing | None:
    """The standing of a file; None where there is none that can be used."""
    if not path.exists():
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(open_box(url, path))) as archive:
            meta = json.loads(archive.read("meta.json"))
            if meta["form"] != FORM:
                return None
            parts = {part: pl.read_parquet(io.BytesIO(archive.read(f"{part}.parquet"))) for part in COLUMNS}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, pl.exceptions.PolarsError, BoxDamaged):
        return None
    if any(set(frame.columns) != COLUMNS[part] for part, frame in parts.items()):
        return None  # an earlier program, or a hand, left others
    standing = SweepState(stored_day(meta["as_of"]), **parts)
    return Standing(standing, meta["batch"], meta["head"], meta["rules"])
