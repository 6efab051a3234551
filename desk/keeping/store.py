"""The store as a whole: made, copied, put back, looked over, written out, put together with others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.imports.joining import PairAnswers
from cases.imports.merging import Merged, Part, merge
from cases.keeping import restoring
from cases.keeping.backups import Kept, backup, initialise_safely
from cases.keeping.restoring import Restored
from cases.keeping.restoring import ToConfirm as ToConfirm
from cases.store.connection import sqlite_path
from cases.store.keys.carried import inside, read_from
from cases.store.keys.ring import unlock
from cases.store.overlay_choice import choose_overlays, chosen_overlays
from cases.values.records import Roster
from cases.values.whole_file import whole_file
from cases.workbook.exporting import write_workbook
from cases.workbook.template import write_template as write_template
from desk.changes.importing import read_pairs
from desk.counting.ledgers import PartFigure, sums_of_parts
from desk.question import overlay_files
from rules.loader import overlays as overlays_loader
from rules.loader.errors import BadInput


@dataclass(frozen=True, slots=True)
class Made:
    """A store that is there now, and of today's form."""

    new: bool
    """Whether it was made now."""
    path: Path | None
    """Its file; None for a server's."""
    kept: Kept | None
    """The backup that was made before an older one was brought up to date."""


def make(url: str) -> Made:
    """Make a store, or bring an older one up to date; raises `StoreProblem`."""
    new, kept = initialise_safely(url)
    return Made(new, sqlite_path(url), kept)


def copy(url: str, path: Path, *, replace: bool) -> Path:
    """Back a store up to a file that is checked; raises `TargetExists`, `BadInput`, `StoreProblem`."""
    return backup(url, path, replace=replace)


def carries_key(backup: Path) -> bool:
    """Whether a backup is encrypted and carries its wrapped key; raises `KeyFileDamaged`."""
    return inside(backup) is not None


def open_copy(file: Path, typed: str) -> None:
    """Open the key that a backup carries for as long as this process lives; raises `WrongKey`, `KeyFileDamaged`."""
    wrapped = read_from(file)
    if wrapped is not None:
        unlock(wrapped, typed)


def restore(
    url: str, file: Path, who: str | None, *, confirmed: bool, agrees: Callable[[str], bool] | None
) -> Restored:
    """Put a backup in the place of a store; whatever has to be confirmed is put to ``agrees``, one after the other.

    Raises `NotABackup`, `StoreProblem`, and `ToConfirm` where nobody agreed.
    """
    accepted: set[str] = set()
    while True:
        try:
            return restoring.restore(url, file, confirmed=confirmed, accepted=accepted, who=who)
        except restoring.ToConfirm as asked:
            if agrees is None or not agrees(str(asked)):
                raise
            accepted.add(asked.doubt)


def export_columns(url: str, path: Path, as_of: dt.date, *, replace: bool) -> int:
    """Write a store as Parquet with one row a case; gives their number. Raises `BadInput`, `StoreProblem`."""
    from desk.personal.readings import left_out_of_files
    from desk.sweeping.exporting import export_parquet

    hidden = left_out_of_files()
    with whole_file(path, suffix=".parquet", replace=replace) as draft:
        return export_parquet(url, draft, as_of, hidden)


@dataclass(frozen=True, slots=True)
class OverlaysChosen:
    """Which overlays a store is judged by, and which others there are."""

    chosen: tuple[str, ...]
    others: tuple[str, ...]


def overlays(url: str) -> OverlaysChosen:
    """What a store has chosen; raises `StoreProblem`."""
    chosen = chosen_overlays(url)
    return OverlaysChosen(chosen, tuple(name for name in overlays_loader.names() if name not in chosen))


def choose(url: str, names: Sequence[str], who: str | None) -> None:
    """Have a store judged by these overlays from now on, or by none; raises `UnknownName`, `StoreProblem`."""
    wanted = list(dict.fromkeys(names))
    overlay_files(tuple(wanted))
    choose_overlays(url, wanted, who=who)


def pair_answers(pairs: Sequence[str], everybody: str | None) -> PairAnswers:
    """What was typed about pairs of rows, `MÃ+MÃ=cung|khac|MÃ` each; raises `BadInput`."""
    return PairAnswers(read_pairs(pairs), everybody)


@dataclass(frozen=True, slots=True)
class Together:
    """What several workbooks are together: who is in two of them, what differs, and how their figures add up."""

    parts: tuple[Part, ...]
    merged: Merged
    figures: tuple[PartFigure, ...]

    @property
    def unsettled(self) -> int:
        """How many differences somebody has to settle."""
        return sum(clash.is_error for clash in self.merged.clashes)

    def as_json(self, out: Path | None = None) -> dict[str, Any]:
        """The form that programs rely on; ``out`` is the file it is to be written to."""
        whole = self.merged.roster
        return {
            "files": [{"file": part.name, "cases": len(part.roster.records)} for part in self.parts],
            "cases": len(whole.records),
            "units": len(whole.units),
            "clashes": [
                {
                    "kind": c.kind,
                    "error": c.is_error,
                    "open": c.open,
                    "key": c.key,
                    "files": [c.first, c.second],
                    "message": c.message,
                }
                for c in self.merged.clashes
            ],
            "figures": [
                {
                    "figure": f.name,
                    "parts": list(f.parts),
                    "sum": f.added,
                    "merged": f.whole,
                    "difference": f.difference,
                }
                for f in self.figures
            ],
            "recoded": dict(self.merged.recoded),
            "out": str(out) if out else None,
        }

    def write(self, path: Path, *, replace: bool, keep_first: bool) -> None:
        """Write them as one workbook; raises `BadInput` while something differs, unless the first file is kept.

        A code that two people bear is never settled by keeping the first: nobody is dropped in silence.
        """
        if bearers := [clash.message for clash in self.merged.clashes if clash.kind == "two_people"]:
            lines = "\n".join(f"  - {message}" for message in bearers[:20])
            raise BadInput(
                f"Chưa ghi {path}: có mã mà hai người cùng mang.\n{lines}\n"
                "Sửa mã ở sổ gốc, hoặc thêm --renumber để cấp mã mới cho người thứ hai."
            )
        if self.unsettled and not keep_first:
            raise BadInput(
                f"Chưa ghi {path}: còn {self.unsettled} chỗ khác nhau. "
                "Sửa ở sổ gốc, hoặc thêm --keep-first để lấy theo tệp đứng trước."
            )
        write_workbook(self.merged.roster, path, force=replace)


def together(
    rosters: Sequence[tuple[str, Roster]],
    period: tuple[dt.date, dt.date] | None,
    *,
    renumber: bool = False,
    answers: PairAnswers | None = None,
) -> Together:
    """Put several rosters together, each under a name of its own; with a period their figures are added up.

    Raises `UnknownName` for an answer about a pair that there is not.
    """
    parts = tuple(Part(name, roster) for name, roster in rosters)
    merged = merge(parts, renumber=renumber, answers=answers)
    figures = sums_of_parts([part.roster for part in parts], merged.roster, *period) if period else ()
    return Together(parts, merged, tuple(figures))
