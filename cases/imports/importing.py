"""Opening a file of people, our workbook and anybody's list alike: it is read, compared, previewed, and then written.

There is one way through: `rosters.read` says what every row is, `_planned` what that does to the store, and only
`import_file` with ``apply`` lays it over, in the transaction in which the store was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import rosters
from cases.files.sources import kind_of
from cases.imports.orphans import without_orphans
from cases.judging.reasons import explain
from cases.log.write_plan import WritePlan, compare
from cases.store.connection import sqlite_path
from cases.store.reading import read_store, roster_from, without_collector
from cases.values.kinds import beside_cases
from cases.values.organisation_codes import read_organisation_code
from cases.values.records import Roster
from cases.values.refusals import NotAWorkbook, Remark
from cases.workbook import schema as layout
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.keeping.backups import Kept
    from cases.rosters import Answers, Notice, RosterPreview, RowOutcome
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
class Import:
    """What an import would do, or did: ``batch`` names the write, and is None when there was none."""

    preview: RosterPreview
    plan: WritePlan
    batch: str | None = None
    kept: Kept | None = None
    """The backup of the store as it was before the write."""
    left_out: tuple[str, ...] = ()
    """What is not stored because the row that it names is not."""

    @property
    def rows(self) -> tuple[RowOutcome, ...]:
        """What becomes of each row."""
        return self.preview.rows

    @property
    def refused(self) -> tuple[Remark, ...]:
        """Every reason for which a row is refused."""
        return self.preview.refused

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is said of columns, sheets and the file, and of units that nobody lists."""
        return (*self.preview.remarks, *(_unlisted(code) for code in self.plan.unlisted_units))

    def as_json(self) -> dict[str, Any]:
        """The form that the contract fixes for programs, with what else happens to the other sheets."""
        plan = self.plan
        parts = ((kind.sheet, plan.of(kind.name)) for kind in beside_cases())
        return {
            **self.preview.as_json(),
            "new": plan.cases.new,
            "changed": plan.cases.changed,
            "unchanged": plan.cases.unchanged,
            "other_sheets": {
                sheet.name: {"new": part.new, "changed": part.changed, "unchanged": part.unchanged}
                for sheet, part in parts
            },
            "warnings": [str(remark) for remark in self.remarks],
            "left_out": list(self.left_out),
            "batch": self.batch,
        }


@without_collector()
def import_file(
    url: str,
    path: Path | str,
    answers: Answers | None = None,
    *,
    apply: bool = False,
    accept_good: bool = False,
    who: str | None = None,
    progress: Progress | None = None,
    first: Callable[[RosterPreview], None] | None = None,
    today: date | None = None,
) -> Import:
    """Preview an import and, with ``apply``, write what is accepted.

    While a row is refused nothing is written, unless ``accept_good`` leaves the refused rows out. ``first`` is done
    with the preview before anything is written: what it raises leaves the store as it was. A store that does not
    exist yet counts as empty for a preview. The store is read and written in one transaction, so that what is
    previewed there is what is laid over. ``today`` is the day after which nothing has happened yet; the machine's,
    where neither it nor the answers name one.

    Raises:
        BadFile: the file cannot be taken as a whole.
        UnknownName: an answer names something that is not there.
        OpenQuestions: an answer is lacking without which nothing is stored.
        StoreProblem: the store cannot be opened or written.
    """
    path, answers = Path(path), answers or rosters.Answers()
    if answers.as_of is None:
        answers = replace(answers, as_of=today or date.today())
    if not apply:
        done, _ = _planned(_stored(url), path, answers, progress)
        if first is not None:
            first(done.preview)
        return done
    from cases.keeping.backups import automatic
    from cases.store.connection import writing
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, path.name)
    reading, writing_ = _halves(progress)
    with writing(url) as connection:
        done, asked = _planned(roster_from(connection.exec_driver_sql), path, answers, reading)
        if asked:
            raise OpenQuestions(path, asked)
        if first is not None:
            first(done.preview)
        if not done.plan.alters or (done.refused and not accept_good):
            return done
        kept = automatic(url, "import")
        apply_plan(connection, done.plan, batch, writing_)
    return Import(done.preview, done.plan, batch.id, kept, done.left_out)


def _planned(stored: Roster, path: Path, answers: Answers, progress: Progress | None) -> tuple[Import, list[Notice]]:
    """What a file does to what is stored, and the questions that must be answered before it may."""
    try:
        preview = rosters.read(path, answers, stored, progress)
    except rosters.HeaderNotFound:
        if path.suffix.lower() == ".xlsx" and kind_of(path) == "csv":
            raise NotAWorkbook(path) from None
        raise
    roster, left_out = without_orphans(_with_lineage(preview, stored), stored)
    asked = [one for one in preview.notices if one.kind == "question" and one.code in MUST_BE_ANSWERED]
    return Import(preview, compare(stored, roster, _covered(preview)), left_out=left_out), asked


def _with_lineage(preview: RosterPreview, stored: Roster) -> Roster:
    """What a preview stores; a list that names organisations by their official code brings those above them too."""
    roster = preview.roster()
    if preview.whole is not None:
        return roster
    known = {unit.code for unit in stored.units}
    found = {
        unit.code: unit
        for record in roster.records
        if (code := read_organisation_code(str(record.fields.get("unit", "")))) is not None
        for unit in code.lineage()
    }
    new = tuple(unit for code, unit in sorted(found.items()) if code not in known)
    return replace(roster, units=(*roster.units, *new))


def _covered(preview: RosterPreview) -> Mapping[str, frozenset[str]]:
    """The columns of a canonical workbook. The records of a list are whole: what was stored of a person and is not in
    the list stands in them already.
    """
    if preview.whole is not None:
        return preview.covered
    sheet = layout.case_sheet()
    return {sheet.name: frozenset(column.field for column in sheet.columns)}


def _stored(url: str) -> Roster:
    path = sqlite_path(url)
    return Roster() if path is not None and not path.exists() else read_store(url)


def _halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Reading and writing as the two halves of one work."""
    if progress is None:
        return None, None
    return (lambda done, of: progress(done, 2 * of)), (lambda done, of: progress(of + done, 2 * of))


def _unlisted(code: str) -> Remark:
    words = explain("unit_unlisted")
    return Remark(layout.case_sheet().name, 0, None, "Mã đơn vị", "unit", code, "unit_unlisted", *words)
