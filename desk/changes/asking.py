"""What each kind of change asks of a person, field by field, made from the fields of the change itself.

A face shows the fields and gives back what was typed; `made` reads it. A further kind of change needs its title here,
and words for those of its fields that no other kind has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from cases.changes.values import known_column
from cases.workbook import schema as layout
from desk.changes.fields import step_kinds
from desk.changes.json import KINDS
from desk.changes.values import Change, Correct, RecordStep, Together
from rules.loader import indicators, vocabulary
from rules.loader.errors import BadInput, UnknownName
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.sheets import SheetColumn

Shape = Literal["day", "text", "mark", "choice", "codes", "column"]

TITLES: dict[str, str] = {
    "add": "Thêm người",
    "record": "Ghi một bước",
    "correct": "Sửa một điều đã ghi",
    "move": "Chuyển sinh hoạt",
    "leave": "Ra khỏi Đảng",
    "submit": "Nộp hồ sơ lên cấp trên",
    "return": "Trả lại hồ sơ cho chi bộ",
    "enrol": "Ghi danh vào lớp",
    "course-add": "Mở lớp",
    "course-correct": "Sửa lớp",
    "course-certify": "Cấp chứng nhận",
    "figure": "Ghi một số nhập tay",
    "unit-add": "Thêm đơn vị",
    "unit-set": "Sửa thông tin đơn vị",
    "unit-move": "Chuyển đơn vị sang trực thuộc nơi khác",
    "unit-merge": "Gộp đơn vị",
    "unit-close": "Đơn vị thôi hoạt động",
    "target-set": "Đặt chỉ tiêu kết nạp",
    "case-remove": "Bỏ hồ sơ ghi nhầm",
    "case-join": "Gộp hai hồ sơ của một người",
    "case-recode": "Đổi mã hồ sơ",
    "together": "Ghi một bước cho nhiều người",
}
"""Every kind of change that can be asked for, with what it is called."""

LABELS: dict[str, str] = {
    "case": "Mã hồ sơ",
    "cases": "Các mã hồ sơ, mỗi dòng một mã",
    "code": "Mã hồ sơ mới",
    "on": "Ngày",
    "step": "Bước",
    "document": "Số văn bản",
    "stored_at": "Văn bản cất ở đâu",
    "result": "Kết quả",
    "note": "Ghi chú",
    "old": "Sửa lần ngày nào, khi bước có nhiều lần",
    "since": "Giá trị mới có từ ngày (để trống: vốn đúng như vậy)",
    "column": "Sửa mục",
    "value": "Giá trị đúng",
    "to": "Chuyển đến đơn vị",
    "source": "Từ nơi khác chuyển đến",
    "how": "Hình thức",
    "reason": "Lý do, còn thiếu gì",
    "course": "Mã lớp",
    "of": "Loại lớp",
    "unit": "Mã đơn vị",
    "opened": "Khai giảng",
    "closed": "Bế giảng",
    "audience": "Đối tượng",
    "online": "Học trực tuyến",
    "name": "Họ và tên người chưa có hồ sơ",
    "youth_union": "Người ấy là đoàn viên TNCS",
    "trade_union": "Người ấy là đoàn viên công đoàn",
    "indicator": "Chỉ số",
    "start": "Từ ngày",
    "end": "Đến ngày",
    "units": "Các mã đơn vị được gộp, mỗi dòng một mã",
    "into": "Gộp vào đơn vị",
    "other": "Mã hồ sơ thứ hai, sẽ nhập vào hồ sơ trên",
    "year": "Năm",
}
_OWN_LABELS = {
    ("add", "code"): "Mã hồ sơ (để trống: mã kế tiếp)",
    ("case-join", "on"): "Ngày chuyển giữa hai đơn vị, khi hai hồ sơ không ghi",
    ("course-certify", "cases"): "Các mã hồ sơ, mỗi dòng một mã (để trống: mọi người chưa có chứng nhận)",
    ("figure", "on"): "Số tính đến ngày (hoặc ghi từ ngày, đến ngày)",
    ("figure", "value"): "Giá trị",
    ("figure", "source"): "Nguồn",
    ("submit", "to"): "Nộp đến đơn vị",
    ("target-set", "value"): "Chỉ tiêu kết nạp",
    ("unit-move", "to"): "Trực thuộc đơn vị",
}
"""Where a field of one kind is called otherwise than in the others."""

EMPTIED = "để trống"
"""The word that empties a value: a field that is left blank is left alone."""

_SHEETS: dict[str, Callable[[], layout.Sheet]] = {
    "add": layout.case_sheet,
    "unit-add": lambda: layout.UNITS,
    "unit-set": lambda: layout.UNITS,
}
_PREFIX = "cot."
"""What the name of a column's field begins with."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked: its name in the form, what it is called, how it is typed, and what may be chosen."""

    name: str
    label: str
    shape: Shape
    needed: bool
    choices: tuple[tuple[str, str], ...] = ()


def asked_of(kind: str) -> tuple[Field, ...]:
    """What a kind of change asks; raises `UnknownName` for a kind there is not."""
    if kind not in TITLES:
        raise UnknownName(f"Không có việc “{kind}”. Quay lại trang trước rồi chọn lại.")
    if kind == "together":
        return (_field("together", "cases", codes=True, needed=True), *_own("record", without="case"))
    if kind == "correct":
        columns = tuple((one.field, one.header) for one in layout.case_sheet().columns if one.field != "code")
        first = (
            _field(kind, "case", needed=True),
            Field("column", LABELS["column"], "choice", True, columns),
            _field(kind, "value", needed=True),
        )
        return (*first, *(one for one in _own(kind, without="case") if one.name in ("since", "old")))
    own = _own(kind)
    if (sheet := _SHEETS.get(kind)) is None:
        return own
    skipped = {"code", "unit"} if kind != "add" else {"code"}
    return (
        *own,
        *(
            Field(
                f"{_PREFIX}{column.field}",
                column.header,
                "day" if column.type == "date" else "choice" if _in(column) else "text",
                needed=kind == "add" and column.field == "full_name",
                choices=_in(column),
            )
            for column in sheet().columns
            if column.field not in skipped
        ),
    )


def _own(kind: str, without: str = "") -> tuple[Field, ...]:
    """The fields of the change as they are asked; columns and settings are asked one by one instead."""
    change = KINDS[kind]
    hints = get_type_hints(change)
    found = []
    for one in fields(change):
        hint = hints[one.name]
        if one.name in ("fields", "settings", "what", without):
            continue
        shapes = {str: "text", dt.date: "day", bool: "mark"}
        plain = next((part for part in (get_args(hint) or (hint,)) if part in shapes), None)
        needed = one.default is MISSING
        if plain is None or hint == tuple[str, ...]:
            found.append(_field(kind, one.name, codes=True, needed=needed))
            continue
        choices = _choices(kind, one.name)
        shape: Any = "choice" if choices else shapes[plain]
        found.append(_field(kind, one.name, shape=shape, needed=needed, choices=choices))
    return tuple(found)


def _field(
    kind: str,
    name: str,
    *,
    shape: Shape = "text",
    codes: bool = False,
    needed: bool = False,
    choices: tuple[tuple[str, str], ...] = (),
) -> Field:
    return Field(name, _OWN_LABELS.get((kind, name), LABELS[name]), "codes" if codes else shape, needed, choices)


def _choices(kind: str, name: str) -> tuple[tuple[str, str], ...]:
    """What a field may be, by its code with the words for it; nothing where it is free."""
    of: dict[tuple[str, str], Callable[[], tuple[tuple[str, str], ...]]] = {
        ("record", "step"): lambda: tuple((name, header) for _, header, name in step_kinds()),
        ("leave", "how"): lambda: _of_codes("exit_kind"),
        ("course-add", "of"): lambda: _of_codes("course_kind"),
        ("figure", "indicator"): lambda: tuple((key, one.label) for key, one in indicators.load().items() if one.typed),
    }
    found = of.get((kind, name))
    if found is not None:
        return found()
    if name == "audience":
        column = next(column for column in layout.COURSES.columns if column.field == "audience")
        return _in(column)
    return (("co", "có"), ("khong", "không")) if (kind, name) == ("course-correct", "online") else ()


def _in(column: SheetColumn) -> tuple[tuple[str, str], ...]:
    """What a cell of a column may be."""
    if column.type == "mark":
        return (("x", "có"),)
    return _of_codes(column.codes, labelled=column.labelled) if column.codes and column.type != "codes" else ()


def _of_codes(codes: str, *, labelled: bool = False) -> tuple[tuple[str, str], ...]:
    known = vocabulary.load().codes.get(codes) or layout.choices(codes)
    return tuple((label if labelled else code, label) for code, label in known.items())


def made(kind: str, typed: Mapping[str, str], read_day: Callable[[str], dt.date | None]) -> Change:
    """The change that was typed: blank is left alone. Raises `UnknownName`, `BadInput` with what is missing."""
    asked = asked_of(kind)
    given = {one.name: typed.get(one.name, "").strip() for one in asked}
    lacking = [one.label for one in asked if one.needed and not given[one.name]]
    if lacking:
        raise BadInput(f"Chưa ghi: {'; '.join(lacking)}. Ghi rồi xem trước lại.")
    values: dict[str, Any] = {}
    columns: list[tuple[str, str]] = []
    for one in asked:
        text = given[one.name]
        if not text:
            continue
        if one.name.startswith(_PREFIX):
            columns.append((one.name.removeprefix(_PREFIX), _cell(text, read_day if one.shape == "day" else None)))
        elif one.shape == "day":
            values[one.name] = read_day(text)
        elif one.shape == "codes":
            values[one.name] = tuple(dict.fromkeys(part for line in text.split("\n") for part in _codes(line)))
        elif one.shape == "mark":
            values[one.name] = True
        elif (kind, one.name) == ("course-correct", "online"):
            values[one.name] = text == "co"
        else:
            values[one.name] = text
    if kind == "correct":
        of_a_day = known_column(values["column"]).type == "date"
        values["value"] = _cell(values["value"], read_day if of_a_day else None)
    return _change(kind, values, columns)


def _cell(text: str, read_day: Callable[[str], dt.date | None] | None) -> str:
    """A value as a cell of the workbook has it: days may be typed here in every way that a day can be."""
    if text == EMPTIED:
        return ""
    day = read_day(text) if read_day is not None else None
    return text if day is None else shown_day(day)


def _codes(line: str) -> Sequence[str]:
    return [part.strip() for part in line.replace(";", ",").split(",") if part.strip()]


def _change(kind: str, values: dict[str, Any], columns: list[tuple[str, str]]) -> Change:
    if kind == "together":
        cases = values.pop("cases")
        return Together(tuple(RecordStep(case, **values) for case in cases))
    if kind == "correct":
        what = f"{values.pop('column')}={values.pop('value')}"
        return Correct(what=(what,), **values)
    if kind in _SHEETS:
        values["fields" if kind == "add" else "settings"] = tuple(columns)
    return KINDS[kind](**values)  # type: ignore[return-value]  # every title but that of a file
