"""Importing a canonical workbook: first what would happen, then, when told so, all of it in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.judging.reasons import explain
from cases.log.plan import Plan, compare
from cases.store.connection import sqlite_path
from cases.store.reading import read_store, roster_from, without_collector
from cases.values.records import Roster
from cases.values.refusals import Remark
from cases.workbook import schema as layout
from cases.workbook.read import Examination, examine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.keeping.backups import Kept
    from cases.store.row_writing import Progress
    from cases.values.records import Record

_OUTCOMES = ("accepted", "warned", "confirm", "refused", "ignored")


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of one row; rows of other sheets than `Hồ sơ` appear only with a remark."""

    sheet: str
    row: int
    outcome: str
    fields: Mapping[str, Any]
    why: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import would do, or did: ``batch`` names the write, and is None when there was none."""

    file: Path
    header_row: int
    rows: tuple[RowOutcome, ...]
    plan: Plan
    warned: tuple[Remark, ...]
    """Remarks about columns, sheets and the file, which belong to no row."""
    batch: str | None = None
    kept: Kept | None = None
    """The backup of the store as it was before the write."""

    @property
    def refused(self) -> tuple[Remark, ...]:
        """Every reason why nothing may be written."""
        return tuple(remark for row in self.rows if row.outcome == "refused" for remark in row.why)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows had each outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in _OUTCOMES}

    def as_json(self) -> dict[str, Any]:
        """The form that the contract fixes for programs, with what else happened to the other sheets."""
        plan = self.plan
        parts = (
            (layout.UNITS, plan.units),
            (layout.COURSES, plan.courses),
            (layout.ENROLMENTS, plan.enrolments),
            (layout.TARGETS, plan.targets),
            (layout.DISCIPLINES, plan.disciplines),
            (layout.FIGURES, plan.figures),
        )
        return {
            "file": self.file.name,
            "sheet": layout.case_sheet().name,
            "header_rows": [self.header_row],
            "counts": self.counts,
            "new": plan.cases.new,
            "changed": plan.cases.changed,
            "unchanged": plan.cases.unchanged,
            "other_sheets": {
                sheet.name: {"new": part.new, "changed": part.changed, "unchanged": part.unchanged}
                for sheet, part in parts
            },
            "rows": [_row_as_json(row) for row in self.rows],
            "warnings": [str(remark) for remark in self.warned],
            "batch": self.batch,
        }


def _row_as_json(row: RowOutcome) -> dict[str, Any]:
    place = {} if row.sheet == layout.case_sheet().name else {"sheet": row.sheet}
    why = [remark.as_why() for remark in row.why]
    return {**place, "row": row.row, "outcome": row.outcome, "fields": dict(row.fields), "why": why}


@without_collector()
def import_workbook(
    url: str, path: Path | str, *, who: str | None = None, apply: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Preview an import and, with ``apply``, write it when no row is refused; raises `BadFile` or `StoreProblem`.

    A store that does not exist yet counts as empty for a preview.
    """
    reading, writing_ = halves(progress) if apply else (progress, None)
    seen = examine(path, reading)
    if apply and not seen.refused:
        from cases.keeping.backups import automatic
        from cases.store.connection import writing
        from cases.store.writing import apply_plan, new_batch

        batch = new_batch(who, seen.file.name)
        with writing(url) as connection:
            plan = compare(roster_from(connection.exec_driver_sql), seen.roster, seen.covered)
            kept = automatic(url, "import") if plan.alters else None
            apply_plan(connection, plan, batch, writing_)
        return _report(seen, plan, batch.id if plan.alters else None, kept)
    return _report(seen, compare(_stored(url), seen.roster, seen.covered), None)


def halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Reading and writing as the two halves of one work."""
    if progress is None:
        return None, None
    return (lambda done, of: progress(done, 2 * of)), (lambda done, of: progress(of + done, 2 * of))


def _stored(url: str) -> Roster:
    path = sqlite_path(url)
    return Roster() if path is not None and not path.exists() else read_store(url)


def _report(seen: Examination, plan: Plan, batch: str | None, kept: Kept | None = None) -> ImportReport:
    own: dict[tuple[str, int], list[Remark]] = defaultdict(list)
    of_file: list[Remark] = []
    rows_of_cases = {number for number, _ in seen.cases}
    main = layout.case_sheet().name
    for remark in (*seen.refused, *seen.warned):
        if remark.code in ("column_absent", "column_unknown", "sheet_unknown"):
            of_file.append(remark)
        else:
            own[remark.sheet, remark.row].append(remark)
    refused = {(remark.sheet, remark.row) for remark in seen.refused}
    records = {record.code: record for record in seen.roster.records}
    rows = [
        RowOutcome(
            main,
            number,
            _outcome(main, number, refused, own),
            _fields(records.get(code or "")),
            tuple(own[main, number]),
        )
        for number, code in seen.cases
    ]
    rows += [RowOutcome(main, number, "ignored", {}, ()) for number in seen.blank]
    rows.sort(key=lambda row: row.row)
    others = [place for place in own if not (place[0] == main and place[1] in rows_of_cases) and own[place]]
    rows += [
        RowOutcome(sheet, number, _outcome(sheet, number, refused, own), {}, tuple(own[sheet, number]))
        for sheet, number in others
    ]
    of_file += [_unlisted(code) for code in plan.unlisted_units]
    return ImportReport(seen.file, seen.header_row, tuple(rows), plan, tuple(of_file), batch, kept)


def _outcome(sheet: str, row: int, refused: set[tuple[str, int]], own: Mapping[tuple[str, int], list[Remark]]) -> str:
    if (sheet, row) in refused:
        return "refused"
    return "warned" if own.get((sheet, row)) else "accepted"


def _fields(record: Record | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in record.fields.items()}


def _unlisted(code: str) -> Remark:
    return Remark(
        layout.case_sheet().name, 0, None, "Mã đơn vị", "unit", code, "unit_unlisted", *explain("unit_unlisted")
    )
