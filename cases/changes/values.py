"""What a secretary types for a field: its name in English or as the column is headed, and its value as in a cell."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from cases.judging.reasons import explain
from cases.judging.steps import known_step, spelt
from cases.values.masking import sensitive
from cases.values.refusals import masked
from cases.workbook import cells
from cases.workbook import schema as layout
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.folding import fold
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from cases.values.records import Value
    from cases.values.sheets import SheetColumn

FIXED = frozenset({"code"})
"""What cannot be corrected: the log and other things know a case by its code."""


@cache
def _columns(sheet: layout.Sheet) -> dict[str, SheetColumn]:
    found: dict[str, SheetColumn] = {}
    for column in sheet.columns:
        for name in (column.field, column.header):
            found.setdefault(spelt(name), column)
    return found


def known_column(name: str) -> SheetColumn:
    """The column of that field or header, or of the step so called; raises `UnknownName` with the nearest."""
    sheet = layout.case_sheet()
    column = _columns(sheet).get(spelt(name))
    if column is not None:
        return column
    try:
        step = known_step(name)
    except UnknownName:
        return column_of(sheet, name)
    return _columns(sheet)[spelt(step.name)]


def column_of(sheet: layout.Sheet, name: str) -> SheetColumn:
    """The column of a sheet of that field or header; raises `UnknownName` with the nearest."""
    columns = _columns(sheet)
    column = columns.get(spelt(name))
    if column is None:
        headers = {spelling: column.header for spelling, column in columns.items()}
        example = next(column.header for column in sheet.columns[2:])
        hint = did_you_mean(spelt(name), headers, f"Ghi tên cột của sổ, ví dụ “{example}”.", shown=headers)
        raise UnknownName(f"Không có mục “{name}”. {hint}")
    return column


def is_step(column: SheetColumn) -> bool:
    """Whether a column holds the day of a step."""
    return column.field in layout.choices("step")


def read_value(column: SheetColumn, text: str) -> Value | None:
    """The value that a text stands for in a column; an empty one empties it. Raises `BadInput` with what to do."""
    if cells.is_empty(text):
        if column.filled:
            raise BadInput(f"“{column.header}” không được để trống.")
        return None
    try:
        return cells.parse(text, column)
    except cells.CellError as bad:
        reason = explain(bad.code, **bad.details)
        quoted = "" if column.field in sensitive() else f" “{masked(text)}”"
        raise BadInput(f"“{column.header}”{quoted}: {reason.reason} {reason.suggestion}") from None


def read_setting(text: str, sheet: layout.Sheet | None = None) -> tuple[SheetColumn, str]:
    """The column, of sheet `Hồ sơ` unless another is named, and the text of `name=value`."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise BadInput(
            f'“{masked(text)}” chưa rõ là sửa gì. Ghi dạng “tên cột=giá trị”, ví dụ "Họ và tên=Nguyễn Thị Bưởi".'
        )
    return (known_column(name) if sheet is None else column_of(sheet, name)), value


def read_code(text: str, codes: str, what: str) -> str:
    """A code of a list, written as itself or as its Vietnamese label; raises `UnknownName` with the choices."""
    known = layout.choices(codes)
    spellings = {fold(label): code for code, label in known.items()} | {fold(code): code for code in known}
    found = spellings.get(fold(text.replace("-", " "))) or spellings.get(fold(text))
    if found is None:
        labels = {spelling: known[code] for spelling, code in spellings.items()}
        hint = did_you_mean(text, labels, f"Chọn một trong: {'; '.join(known.values())}.", shown=labels)
        raise UnknownName(f"{what} không có “{text}”. {hint}")
    return found


def read_course_kind(text: str) -> str:
    """The kind of a class, by its code, its label or the short of it; raises `UnknownName`."""
    shorts = {"nhan thuc": "awareness", "cam tinh": "awareness", "dang vien moi": "new_member"}
    return shorts.get(spelt(text)) or read_code(text, "course_kind", "Loại lớp")


def read_of(sheet: layout.Sheet, field: str, text: str | None) -> str | None:
    """A text as the workbook would take it in a column of a sheet; an empty one is none. Raises `BadInput`."""
    if text is None:
        return None
    column = next(column for column in sheet.columns if column.field == field)
    value = read_value(column, text)
    return None if value is None else str(value)


def read_name(text: str) -> str:
    """The name of a learner without a dossier; raises `BadInput`."""
    name = read_of(layout.ENROLMENTS, "full_name", text)
    if name is None:
        raise BadInput("“Họ và tên” không được để trống.")
    return name


def read_papers(
    document: str | None = None, result: str | None = None, note: str | None = None, stored_at: str | None = None
) -> dict[str, str | None]:
    """What is known of a step besides its day, as sheet `Bước` would take it."""
    texts = {"document": document, "result": result, "note": note, "stored_at": stored_at}
    return {name: read_of(layout.STEPS, name, text) for name, text in texts.items()}
