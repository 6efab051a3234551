"""Opening a file of people, our workbook and anybody's list alike: it is read, compared, previewed, and then written.

There is one way through: `rosters.read` says what every row is, `_planned` what that does to the store, and only
`import_file` with ``apply`` lays it over, in the transaction in which the store was read.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import rosters
from cases.files.sources import kind_of
from cases.imports.bases import is_foreign, known_of, told_of
from cases.imports.laying import Known, Laid, lay
from cases.imports.orphans import without_orphans
from cases.imports.pairing import settle_pairs
from cases.imports.remembering import given_codes, remembered
from cases.imports.saying import FileSays
from cases.judging.reasons import explain
from cases.log.write_plan import WritePlan, compare
from cases.rosters.outcome.telling_apart import held_back
from cases.store.connection import querying, sqlite_path
from cases.store.reading import roster_from, without_collector
from cases.store.wall.guard import require_allowed, without_steps_of_others
from cases.values.kinds import KINDS, beside_cases
from cases.values.organisation_codes import read_organisation_code
from cases.values.records import Roster
from cases.values.refusals import NotAWorkbook, Remark
from cases.workbook import schema as layout
from rules.loader.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cases.imports.comparing import Take
    from cases.imports.pairing import PairMet
    from cases.keeping.backups import Kept
    from cases.rosters import Answers, Notice, RosterPreview, RowOutcome
    from cases.rosters.rows.reading import Progress
    from cases.store.reading import Execute
    from cases.values.kinds import Kind

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
    laid: Laid
    """What changes in the store, value by value, and what waits for an answer."""
    batch: str | None = None
    kept: Kept | None = None
    """The backup of the store as it was before the write."""
    left_out: tuple[str, ...] = ()
    """What is not stored because the row that it names is not."""
    applied: bool = False
    """Whether it was to be written; what is open then was left as the store has it."""
    told: str | None = None
    """What the log is to keep of a file from another store."""
    stored: Roster = field(default_factory=Roster)
    """What was stored before."""
    not_hers: tuple[str, ...] = ()
    """The steps that whoever imports may not record: they are left as the store has them, and said."""
    pairs: tuple[PairMet, ...] = ()
    """The rows that the file brings and that may be another row's person, with what was answered."""

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
        unlisted = (_unlisted(code) for code in self.plan.unlisted_units)
        return (*self.preview.remarks, *unlisted, *map(_not_hers, self.not_hers))

    @property
    def open_pairs(self) -> tuple[PairMet, ...]:
        """The pairs about which nobody has answered: they stay two dossiers."""
        return tuple(one for one in self.pairs if one.said is None)

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
            "warnings": [*map(str, self.remarks), *(f"{one} {one.how}" for one in self.open_pairs)],
            "left_out": list(self.left_out),
            "changes": [one.as_json(applied=self.applied) for one in self.laid.changes],
            "absent": list(self.laid.absent),
            "pairs": [one.as_json() for one in self.pairs],
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
    if not apply or _is_missing(url):
        with _stored(url) as execute:
            done, _ = _planned(execute, path, answers, progress)
        if not apply or (done.refused and not accept_good):  # a bad file is told first, then that there is no store
            if first is not None:
                first(done.preview)
            return done
    from cases.keeping.backups import automatic
    from cases.store.connection import writing
    from cases.store.writing import apply_plan, new_batch

    batch = new_batch(who, path.name)
    reading, writing_ = _halves(progress)
    with writing(url) as store:
        done, asked = _planned(store.execute, path, answers, reading)
        if asked:
            raise OpenQuestions(path, asked)
        if first is not None:
            first(done.preview)
        if done.refused and not accept_good:
            return done
        if not done.plan.alters:
            return replace(done, applied=True)
        kept = automatic(url, "import")
        apply_plan(store, done.plan, replace(batch, details=done.told), writing_)
    return replace(done, batch=batch.id, kept=kept, applied=True)


def _planned(
    execute: Execute | None, path: Path, answers: Answers, progress: Progress | None
) -> tuple[Import, list[Notice]]:
    """What a file does to what is stored, and the questions that must be answered before it may."""
    stored = Roster() if execute is None else roster_from(execute)
    try:
        remember = None if execute is None else remembered(execute)
        preview = rosters.read(path, answers, stored, progress, remember)
    except rosters.HeaderNotFound:
        if path.suffix.lower() == ".xlsx" and kind_of(path) == "csv":
            raise NotAWorkbook(path) from None
        raise
    says, left_out = _said(preview, answers, stored)
    known = Known() if execute is None else known_of(execute, preview.stamp)
    laid = lay(stored, says, known, partial(_taken, answers))
    paired = settle_pairs(preview, laid.roster, stored, answers)
    roster, left_behind = without_orphans(paired.roster, stored)
    told = given_codes(given=preview.without_codes)
    if execute is not None and preview.stamp is not None and is_foreign(execute, preview.stamp):
        told = told_of(preview.stamp, says.roster, known, laid.changes)
    asked = [one for one in preview.notices if one.kind == "question" and one.code in MUST_BE_ANSWERED]
    plan, not_hers = compare(stored, roster), tuple[str, ...]()
    if execute is not None:
        plan, not_hers = without_steps_of_others(execute, plan)
        require_allowed(execute, plan)
    done = Import(
        preview,
        plan,
        replace(laid, changes=(*laid.changes, *paired.changes)),
        left_out=(*left_out, *left_behind),
        told=told,
        stored=stored,
        pairs=paired.met,
        not_hers=not_hers,
    )
    return done, asked


def _with_lineage(roster: Roster, stored: Roster) -> Roster:
    """A list that names organisations by their official code brings those above them too."""
    known = {unit.code for unit in stored.units}
    found = {
        unit.code: unit
        for record in roster.records
        if (code := read_organisation_code(str(record.fields.get("unit", "")))) is not None
        for unit in code.lineage()
    }
    new = tuple(unit for code, unit in sorted(found.items()) if code not in known)
    return replace(roster, units=(*roster.units, *new))


def _said(preview: RosterPreview, answers: Answers, stored: Roster) -> tuple[FileSays, tuple[str, ...]]:
    """What the file says, as it is compared, and what of it cannot be stored.

    A list says something only where a cell of it is filled; where somebody has said what becomes of people who are
    stored already (`answers.on_match`), its records have been made so.
    """
    said = preview.roster(said=answers.on_match in (None, "replace"))
    roster, left_out = without_orphans(said, stored, held_back(preview))
    if preview.whole is not None:
        others = _other_codes(preview, answers)
        return FileSays(roster, preview.covered, preview.shown, preview.places, other_codes=others), left_out
    roster = _with_lineage(roster, stored)
    sheet = layout.case_sheet()
    rows = [(row.record, row) for row in preview.rows if row.record is not None]
    says = FileSays(
        roster,
        {sheet.name: frozenset(column.field for column in sheet.columns)},
        rows={"case": {KINDS["case"].identity_of(record): row.row for record, row in rows}},
        blocks={record.code: row.block for record, row in rows},
        other_codes=_other_codes(preview, answers),
    )
    return says, left_out


def _other_codes(preview: RosterPreview, answers: Answers) -> frozenset[str]:
    """The people whom the file has under another code, or under none, and who were said to be the same."""
    return frozenset(
        row.record.code
        for row in preview.rows
        if row.record is not None and row.whom and answers.person(row.row, row.block) == "same"
    )


def _taken(answers: Answers, kind: Kind, row: int | None, block: int) -> Take | None:
    """What somebody has answered about the differences of one row."""
    return answers.taken(row, block if kind.name == "case" else kind.sheet.name)


def _is_missing(url: str) -> bool:
    path = sqlite_path(url)
    return path is not None and not path.exists()


@contextmanager
def _stored(url: str) -> Iterator[Execute | None]:
    """What a preview reads; None for a store that does not exist yet."""
    if _is_missing(url):
        yield None
        return
    with querying(url) as execute:
        yield execute


def _halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Reading and writing as the two halves of one work."""
    if progress is None:
        return None, None
    return (lambda done, of: progress(done, 2 * of)), (lambda done, of: progress(of + done, 2 * of))


def _not_hers(step: str) -> Remark:
    words = explain("step_of_others")
    return Remark(layout.case_sheet().name, 0, None, None, None, step, "step_of_others", *words)


def _unlisted(code: str) -> Remark:
    words = explain("unit_unlisted")
    return Remark(layout.case_sheet().name, 0, None, "Mã đơn vị", "unit", code, "unit_unlisted", *words)
