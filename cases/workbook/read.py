"""Reading the canonical workbook: all of it, or every reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cases.files.mending import mended_raw
from cases.files.sources import read_raw
from cases.files.xlsx_reading import column_letter
from cases.judging.reasons import explain
from cases.values.history import steps_in
from cases.values.kinds import beside_cases
from cases.values.records import Roster
from cases.values.refusals import NotAWorkbook, Refused, Remark, SheetMissing
from cases.workbook import schema as layout
from cases.workbook.assembling import assemble
from cases.workbook.lines import LineSet, Remarks, read_lines
from cases.workbook.references import check_references
from cases.workbook.sheet_header import find_sheet_header, nearest_column
from cases.workbook.stamp import read_stamp
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cases.files.mending import Mended
    from cases.files.sources import RawBook
    from cases.store.rows.row_writing import Progress
    from cases.values.kinds import Identity, Kind
    from cases.workbook.sheet_header import SheetHeader
    from cases.workbook.stamp import Stamp

_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook that was taken: its roster, what is doubtful about it, and which fields each sheet has columns for."""

    roster: Roster
    warnings: tuple[Remark, ...]
    covered: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Examination:
    """A workbook looked through: the roster of its good rows, and what was refused or doubted, row by row."""

    file: Path
    roster: Roster
    refused: tuple[Remark, ...]
    warned: tuple[Remark, ...]
    covered: Mapping[str, frozenset[str]]
    header_row: int
    cases: tuple[tuple[int, str | None], ...]
    """The rows of sheet `Hồ sơ` with the code of each."""
    blank: tuple[int, ...]
    """The blank rows between them."""
    stamp: Stamp | None = None
    """From which store the workbook says it is."""
    shown: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    """By code of a case that the sheet of steps names: the days in the columns of steps, whatever that sheet says."""
    places: Mapping[str, Mapping[Identity, int]] = field(default_factory=dict)
    """By kind of thing, but for cases: the row of each that was not refused."""


def read_workbook(path: Path | str, today: date | None = None) -> Reading:
    """Read a canonical workbook; raises `BadFile`, or `Refused` with every cell that cannot be taken."""
    seen = examine(path, today=today)
    if seen.refused:
        raise Refused(seen.file, seen.refused)
    return Reading(seen.roster, seen.warned, seen.covered)


def examine(
    path: Path | str,
    progress: Progress | None = None,
    today: date | None = None,
    mended: Mended | None = None,
    book: RawBook | None = None,
) -> Examination:
    """Look through a canonical workbook without refusing its cells; raises `BadFile` for the file as a whole.

    ``progress`` is told how many rows of sheet `Hồ sơ` have been read, and of how many. ``today`` is the day after
    which nothing has happened yet; the machine's, where none is given. ``mended``: cells typed anew. ``book``: its
    sheets, where they were read already.
    """
    path = Path(path)
    remarks = Remarks()
    sheets = _sheets()
    book = mended_raw(book or read_raw(path, wanted_sheets(path)), mended or {})
    names = _match_sheets(list(book.names), list(sheets), path)
    remarks.warned.extend(_about_sheet(name) for name in book.names if name not in names and name not in _NO_DATA)
    sets: dict[str, LineSet] = {}
    stamp = None
    for raw in book.sheets:
        if raw.name == layout.STAMP_SHEET:
            stamp = read_stamp(raw.rows)
            continue
        sheet = sheets[names[raw.name]]
        header = find_sheet_header(raw, sheet, path)
        if header is not None:
            told = progress if sheet.name == layout.case_sheet().name else None
            sets[sheet.name] = read_lines(raw, sheet, header, remarks, told)
            remarks.warned.extend(_about_columns(sheet, header, sets[sheet.name]))
    case_sheet = layout.case_sheet()
    if case_sheet.name not in sets:
        raise NotAWorkbook(path, f"có sheet “{case_sheet.name}” trống, không có cả dòng tiêu đề.", _TEMPLATE)
    check_references(sets, remarks)
    roster = assemble(sets, remarks, today or date.today())
    if stamp is not None:
        roster = replace(roster, kept=frozenset(stamp.kept))
    order = {name: place for place, name in enumerate(sheets)}
    cases = sets[case_sheet.name]
    return Examination(
        file=path,
        roster=roster,
        refused=_sorted(remarks.refused, order),
        warned=_sorted(remarks.warned, order),
        covered={name: rows.header.fields for name, rows in sets.items() if rows.header},
        header_row=cases.header.row + 1 if cases.header else 1,
        cases=tuple((line.number, _text(line.values.get("code"))) for line in cases.lines),
        blank=cases.blank,
        stamp=stamp,
        shown=_shown(cases, sets.get(layout.STEPS.name)),
        places={kind.name: _places(kind, sets.get(kind.sheet.name)) for kind in beside_cases()},
    )


_NO_DATA = (layout.GUIDE_SHEET, layout.LISTS_SHEET, layout.STAMP_SHEET)
_TEMPLATE = "Lấy tệp mẫu bằng lệnh: dubi template so-theo-doi.xlsx"


def _sheets() -> dict[str, layout.Sheet]:
    return {sheet.name: sheet for sheet in (layout.written_case_sheet(), *layout.all_sheets()[1:])}


def wanted_sheets(path: Path) -> Callable[[list[str]], list[str]]:
    """What picks the sheets to read of those that there are; it raises a `BadFile`."""
    return partial(_wanted, list(_sheets()), path)


def _wanted(known: list[str], path: Path, found: list[str]) -> list[str]:
    """The sheets to read of those that were found: those of the contract, and the stamp."""
    return [*_match_sheets(found, known, path), *(name for name in found if name == layout.STAMP_SHEET)]


def _shown(cases: LineSet, steps: LineSet | None) -> dict[str, dict[str, date]]:
    named = set() if steps is None else {line.values.get("case") for line in steps.lines}
    lines = ((line.values.get("code"), line) for line in cases.lines)
    return {str(code): steps_in(line.values) for code, line in lines if code is not None and code in named}


def _places(kind: Kind, rows: LineSet | None) -> dict[Identity, int]:
    lines = rows.lines if rows is not None else []
    return {kind.identity(line.values.get): line.number for line in reversed(lines) if not line.refused}


def _match_sheets(found: list[str], known: list[str], path: Path) -> dict[str, str]:
    """The sheets to read, each with the name it bears in the contract."""
    spellings = {fold(name).replace(" ", ""): name for name in known}
    matched: dict[str, str] = {}
    for name in sorted(found, key=lambda name: (name not in known, found.index(name))):
        plain = spellings.get(fold(name).replace(" ", ""))
        if plain is None:
            continue
        if plain in matched.values():
            others = "”, “".join(other for other in found if spellings.get(fold(other).replace(" ", "")) == plain)
            raise SheetMissing(path, f"có nhiều sheet cùng tên: “{others}”.", "Giữ một sheet, đổi tên các sheet khác.")
        matched[name] = plain
    case_sheet = layout.case_sheet().name
    if case_sheet not in matched.values():
        raise SheetMissing(path, *_no_case_sheet(found, case_sheet, path))
    return {name: matched[name] for name in found if name in matched}


def _no_case_sheet(found: list[str], case_sheet: str, path: Path) -> tuple[str, str]:
    shown = ", ".join(f"“{name}”" for name in found[:_NAMES_SHOWN])
    if len(found) > _NAMES_SHOWN:
        shown += f" và {len(found) - _NAMES_SHOWN} sheet khác"
    near = nearest(case_sheet, found)
    if near is not None:
        problem = f"không có sheet “{case_sheet}”; trong tệp có: {shown}."
        return problem, f"Nếu danh sách nằm ở sheet “{near}”, đổi tên sheet đó thành “{case_sheet}”."
    return f"không phải là sổ theo mẫu; trong tệp có: {shown or 'không có trang nào'}.", (
        f"Nếu là danh sách của đơn vị, đọc bằng lệnh: dubi import “{path}”. "
        "Muốn lập sổ theo mẫu: dubi template so-theo-doi.xlsx"
    )


def _about_columns(sheet: layout.Sheet, header: SheetHeader, rows: LineSet) -> list[Remark]:
    """One remark for each contract column that the sheet lacks, and for each column that is not read."""
    row = header.row + 1
    remarks = [
        Remark(sheet.name, row, None, column.header, column.field, None, "column_absent", *explain("column_absent"))
        for column in header.absent
        if not column.optional and rows.lines and sheet not in (*layout.HISTORY_SHEETS, layout.UNIT_HISTORY)
    ]
    for position, text in header.unknown:
        near = nearest_column(text, header.absent)
        hint = f"Có phải “{near.header}”? Nếu phải, sửa lại tên cột." if near else "Đổi tên cột nếu là cột của mẫu."
        letter, why = column_letter(position), explain("column_unknown", hint=hint)
        remarks.append(Remark(sheet.name, row, letter, text, None, None, "column_unknown", *why))
    return remarks


def _about_sheet(name: str) -> Remark:
    return Remark(name, 0, None, None, None, None, "sheet_unknown", *explain("sheet_unknown"))


def _sorted(remarks: list[Remark], order: Mapping[str, int]) -> tuple[Remark, ...]:
    def place(remark: Remark) -> tuple[int, int, int, str]:
        return order.get(remark.sheet, len(order)), remark.row, len(remark.column or ""), remark.column or ""

    return tuple(sorted(remarks, key=place))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
