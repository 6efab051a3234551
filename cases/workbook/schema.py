"""The sheets of the canonical workbook and their columns.

Sheet `Hồ sơ` takes its columns from the vocabulary of the rules; the other sheets are the contract's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from rules.loader import indicators as indicatorbook
from rules.loader import vocabulary

ColumnType = Literal["date", "number", "decimal", "mark", "code", "text", "key", "partly"]
"""`key` is a short text on one line that others refer to or search by: a code, a name; `partly` a day known in part."""

LONGEST_KEY = 64
LONGEST_NAME = 200
LONGEST_TEXT = 32_767
"""What one cell of Excel holds."""


_CODES_AS_CODES = frozenset({"occupation", "unit_level", "unit_sector", "course_kind"})
"""Lists written as codes, which the contract has programs read and write; the others are written as labels."""

_KEYS = frozenset({"code", "full_name", "unit", "person_code", "ethnicity"})

# Without these a person cannot be told from another, or no age and no clock is known: a workbook that lacks one of
# the columns altogether is the wrong file more often than a roster with nothing to say.
_NEEDED_COLUMNS = frozenset({"code", "full_name", "born_on", "admitted_on"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its header, the field it fills and what its cells hold."""

    field: str
    header: str
    type: ColumnType
    codes: str | None = None
    filled: bool = False
    """Whether a row without it is refused."""
    needed: bool = False
    """Whether a sheet without the column is refused."""
    optional: bool = False
    """Whether the column is beyond the contract's list: nobody is told when it is absent."""
    longest: int = LONGEST_TEXT
    note: str | None = None

    @property
    def labelled(self) -> bool:
        """Whether cells are written as Vietnamese labels rather than codes."""
        return self.codes not in _CODES_AS_CODES


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its columns, in order."""

    name: str
    columns: tuple[Column, ...]
    note: str


def _key(field: str, header: str, *, filled: bool = False, longest: int = LONGEST_KEY, note: str = "") -> Column:
    return Column(field, header, "key", filled=filled, needed=filled, longest=longest, note=note or None)


def _code(field: str, header: str, codes: str, *, filled: bool = False) -> Column:
    return Column(field, header, "code", codes, filled=filled, needed=filled)


def _date(field: str, header: str, *, filled: bool = False) -> Column:
    return Column(field, header, "date", filled=filled, needed=filled)


def _mark(field: str, header: str) -> Column:
    return Column(field, header, "mark")


def _text(field: str, header: str, *, filled: bool = False) -> Column:
    return Column(field, header, "text", filled=filled, needed=filled)


def _number(field: str, header: str) -> Column:
    return Column(field, header, "number", filled=True, needed=True)


def _case_column(fact: vocabulary.Fact) -> Column:
    key, partly = fact.name in _KEYS, fact.name in vocabulary.load().partly
    return Column(
        field=fact.name,
        header=fact.column or fact.label,
        type="key" if key else "partly" if partly else fact.type,  # type: ignore[arg-type]  # a recorded fact has one of the five types
        codes=fact.codes,
        filled=fact.required,
        needed=fact.name in _NEEDED_COLUMNS,
        optional=fact.optional,
        longest=(LONGEST_NAME if fact.name in ("full_name", "ethnicity") else LONGEST_KEY) if key else LONGEST_TEXT,
        note=fact.note,
    )


@cache
def case_sheet() -> Sheet:
    """Sheet `Hồ sơ`: one row per person."""
    columns = tuple(_case_column(fact) for fact in vocabulary.load().columns)
    return Sheet("Hồ sơ", columns, "Mỗi người một dòng. Đây là sheet bắt buộc duy nhất.")


DATES_KEPT = Column(
    "dates_kept",
    "Ngày cần kiểm tra",
    "mark",
    optional=True,
    note="x: các ngày của dòng này trái nhau nhưng được giữ đúng như đã ghi, chờ đối chiếu bản gốc.",
)
"""The mark of a row whose dates cannot all be right and are kept all the same: a list of an office's own is taken so,
and what the store holds must come back from its export. It is reckoned when a workbook is written, never stored."""


@cache
def written_case_sheet() -> Sheet:
    """Sheet `Hồ sơ` as a file may hold it: with the mark of rows that are kept although their dates contradict."""
    sheet = case_sheet()
    return Sheet(sheet.name, (*sheet.columns, DATES_KEPT), sheet.note)


UNITS = Sheet(
    "Đơn vị",
    (
        _key("code", "Mã đơn vị", filled=True),
        _key("name", "Tên đơn vị", longest=LONGEST_NAME),
        _code("level", "Cấp", "unit_level"),
        _code("sector", "Khối", "unit_sector"),
        _key("parent", "Trực thuộc", note="Mã của đơn vị cấp trên có trong sheet này."),
        _date("opened_on", "Ngày thành lập"),
        _date("closed_on", "Ngày kết thúc"),
        _mark("no_masses_left", "Không còn quần chúng"),
        _mark("few_members", "Ít đảng viên"),
    ),
    "Các đảng bộ, chi bộ. Khi sheet này có dòng, mã đơn vị ở các sheet khác phải có ở đây.",
)
UNIT_HISTORY = Sheet(
    "Quá trình đơn vị",
    (
        _key("unit", "Mã đơn vị", filled=True),
        _key("parent", "Trực thuộc", note="Mã của đơn vị cấp trên từ ngày ấy. Không có cấp trên thì để trống."),
        _date("since", "Từ ngày"),
        _key("merged_into", "Sáp nhập vào", note="Mã của đơn vị nhận, khi từ ngày ấy đơn vị này nhập vào đơn vị khác."),
    ),
    "Không bắt buộc: đơn vị đã đổi nơi trực thuộc hoặc đã sáp nhập, mỗi lần một dòng. "
    "Dòng không ghi ngày là từ đầu. Sheet Đơn vị chỉ giữ nơi trực thuộc hiện nay.",
)
COURSES = Sheet(
    "Lớp",
    (
        _key("code", "Mã lớp", filled=True),
        _code("kind", "Loại", "course_kind", filled=True),
        _key("unit", "Mã đơn vị"),
        _date("opened_on", "Ngày mở"),
        _date("closed_on", "Ngày bế giảng"),
        _text("audience", "Đối tượng"),
        _mark("online", "Trực tuyến"),
    ),
    "Các lớp bồi dưỡng nhận thức về Đảng và bồi dưỡng đảng viên mới.",
)
ENROLMENTS = Sheet(
    "Học viên",
    (
        _key("course", "Mã lớp", filled=True),
        _key("case", "Mã hồ sơ"),
        _key("full_name", "Họ và tên", longest=LONGEST_NAME, note="Chỉ cần khi học viên chưa có hồ sơ."),
        _mark("youth_union", "Đoàn viên TNCS"),
        _mark("trade_union", "Đoàn viên công đoàn"),
        _date("certified_on", "Ngày cấp chứng nhận"),
    ),
    "Người học của từng lớp.",
)
TARGETS = Sheet(
    "Chỉ tiêu",
    (
        _key("unit", "Mã đơn vị", filled=True),
        _number("year", "Năm"),
        _number("value", "Chỉ tiêu kết nạp"),
    ),
    "Chỉ tiêu kết nạp mỗi năm của đơn vị.",
)
DISCIPLINES = Sheet(
    "Kỷ luật",
    (
        _key("case", "Mã hồ sơ", filled=True),
        _code("form", "Hình thức", "discipline_form", filled=True),
        _date("on", "Ngày", filled=True),
    ),
    "Các lần kỷ luật.",
)
FIGURES = Sheet(
    "Số nhập tay",
    (
        _key("unit", "Mã đơn vị", filled=True),
        _code("indicator", "Chỉ số", "typed_figure", filled=True),
        _date("begins_on", "Từ ngày", filled=True),
        _date("ends_on", "Đến ngày", filled=True),
        Column("value", "Giá trị", "decimal", filled=True, needed=True),
        _text("source", "Ghi chú/nguồn"),
        Column("author", "Người nhập", "key", optional=True, longest=LONGEST_NAME),
        Column("entered_on", "Ngày nhập", "date", optional=True),
    ),
    "Không bắt buộc: số liệu mà sổ không tính ra được, mỗi số cho một đơn vị và một kỳ. "
    "Số tính đến một ngày thì ghi ngày ấy ở cả hai cột ngày.",
)
STEPS = Sheet(
    "Bước",
    (
        _key("case", "Mã hồ sơ", filled=True),
        _code("kind", "Bước", "step", filled=True),
        _date("on", "Ngày", filled=True),
        _text("document", "Số văn bản"),
        _text("result", "Kết quả"),
        _text("note", "Ghi chú"),
        Column("stored_at", "Nơi lưu", "text", optional=True, note="Văn bản cất ở đâu, ví dụ: tủ chi ủy, cặp 3."),
    ),
    "Không bắt buộc: các lần trước của một bước, và số văn bản. Sheet Hồ sơ chỉ giữ lần sau cùng.",
)
ATTRIBUTES = Sheet(
    "Quá trình",
    (
        _key("case", "Mã hồ sơ", filled=True),
        _code("name", "Thuộc tính", "attribute", filled=True),
        Column("value", "Giá trị", "text", needed=True, note="Dấu có/không: ghi x; khi thôi, ghi không."),
        _date("since", "Từ ngày"),
    ),
    "Không bắt buộc: giá trị của một thuộc tính theo thời gian, ví dụ trình độ học vấn trước đây.",
)
PLACEMENTS = Sheet(
    "Nơi sinh hoạt",
    (
        _key("case", "Mã hồ sơ", filled=True),
        _key("unit", "Mã đơn vị", filled=True),
        _date("since", "Từ ngày"),
        _date("until", "Đến ngày"),
    ),
    "Không bắt buộc: những nơi đã sinh hoạt.",
)

OTHER_SHEETS = (UNITS, COURSES, ENROLMENTS, TARGETS, DISCIPLINES, FIGURES)
HISTORY_SHEETS = (STEPS, ATTRIBUTES, PLACEMENTS)
"""The sheets of what one row of a case cannot show."""

GUIDE_SHEET = "Hướng dẫn"
LISTS_SHEET = "Danh mục"
"""Sheets that our own workbooks carry for the reader; they hold no data."""


@cache
def all_sheets() -> tuple[Sheet, ...]:
    """Every sheet that holds data, `Hồ sơ` first."""
    return (case_sheet(), *OTHER_SHEETS, *HISTORY_SHEETS, UNIT_HISTORY)


@cache
def choices(codes: str) -> dict[str, str]:
    """The codes of a list with their labels; `step` and `attribute` list the facts that have a history.

    `typed_figure` lists the indicators that no record gives.
    """
    words = vocabulary.load()
    if codes == "step":
        return {fact.name: fact.column or fact.label for fact in words.columns if fact.kind == "step"}
    if codes == "attribute":
        dated = (
            fact
            for fact in words.columns
            if fact.kind in ("attribute", "mark") and fact.name not in _UNDATED | words.partly.keys()
        )
        return {fact.name: fact.column or fact.label for fact in dated}
    if codes == "typed_figure":
        return {name: text.label for name, text in indicatorbook.load().items() if text.typed}
    return words.codes[codes]


_UNDATED = frozenset({"code", "person_code", "full_name", "born_on", "sex", "unit", "note"})
"""What identifies a person, and the unit, which has a sheet of its own for its history."""
