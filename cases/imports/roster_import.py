"""Importing a list as an office keeps it: what would happen, then, when told so, all of it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cases import rosters
from cases.imports.importing import halves
from cases.imports.orphans import without_orphans
from cases.log.plan import Plan, compare
from cases.store.connection import sqlite_path
from cases.store.reading import read_store, roster_from, without_collector
from cases.values.records import Roster
from cases.workbook import schema as layout
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.keeping.backups import Kept
    from cases.rosters import Answers, Notice, RosterPreview
    from cases.rosters.rows.reading import Progress


MUST_BE_ANSWERED = {"unit_unnamed": "Thêm --unit MÃ."}
"""Questions without which nothing is stored, for who, when and where are never taken for granted, with the option that
answers them. Every other question has a default that is followed and told."""


class OpenQuestions(BadInput):
    """A list about which something must be answered before any of it is stored."""

    def __init__(self, file: Path, asked: list[Notice]) -> None:
        lines = "\n".join(f"  - {one} {MUST_BE_ANSWERED[one.code]}" for one in asked)
        super().__init__(f"Chưa ghi gì vào kho: còn câu hỏi về tệp “{file}” phải trả lời trước.\n{lines}")


@dataclass(frozen=True, slots=True)
class RosterImport:
    """What an import of a list would do, or did: ``batch`` names the write, and is None when there was none."""

    preview: RosterPreview
    plan: Plan
    batch: str | None = None
    kept: Kept | None = None
    """The backup of the store as it was before the write."""
    left_out: tuple[str, ...] = ()
    """What was not stored because the row that it names was not."""


def _covered(preview: RosterPreview) -> Mapping[str, frozenset[str]]:
    """The columns of a canonical workbook. The records of a list are whole: what was stored of a person and is not in
    the list stands in them already.
    """
    if preview.whole is not None:
        return preview.covered
    sheet = layout.case_sheet()
    return {sheet.name: frozenset(column.field for column in sheet.columns)}


@without_collector()
def preview_list(url: str, path: Path, answers: Answers, progress: Progress | None = None) -> RosterImport:
    """Preview an import; a store that does not exist yet counts as empty. Raises `BadFile` or `StoreProblem`."""
    file = sqlite_path(url)
    stored = Roster() if file is not None and not file.exists() else read_store(url)
    preview = rosters.read(path, answers, stored, progress)
    roster, left_out = without_orphans(preview.roster(), stored)
    return RosterImport(preview, compare(stored, roster, _covered(preview)), left_out=left_out)


@without_collector()
def apply_list(
    url: str,
    path: Path,
    answers: Answers,
    *,
    accept_good: bool = False,
    who: str | None = None,
    progress: Progress | None = None,
    first: Callable[[RosterPreview], None] | None = None,
) -> RosterImport:
    """Write what is accepted, unless a row is refused and ``accept_good`` is not asked: then nothing is written.

    ``first`` is done with the preview before anything is written: what it raises leaves the store as it was.
    Raises `OpenQuestions` where an answer is still lacking, and whatever `preview_list` raises. The store is read and
    written in one transaction, so that what was previewed is what is laid over.
    """
    from cases.keeping.backups import automatic
    from cases.store.connection import writing
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, path.name)
    reading, writing_ = halves(progress)
    with writing(url) as connection:
        stored = roster_from(connection.exec_driver_sql)
        preview = rosters.read(path, answers, stored, reading)
        if asked := [one for one in preview.notices if one.kind == "question" and one.code in MUST_BE_ANSWERED]:
            raise OpenQuestions(preview.file, asked)
        roster, left_out = without_orphans(preview.roster(), stored)
        plan = compare(stored, roster, _covered(preview))
        if first is not None:
            first(preview)
        if preview.refused and not accept_good:
            return RosterImport(preview, plan, left_out=left_out)
        kept = automatic(url, "import") if plan.alters else None
        apply_plan(connection, plan, batch, writing_)
    return RosterImport(preview, plan, batch.id if plan.alters else None, kept, left_out)
