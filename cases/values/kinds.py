"""The kinds of things that are kept, each said once: what it is, how it is found, what it names, and its sheet.

Workbook, tables, log, replay, undo, export, import and merging walk this registry. A further kind is a dataclass and
a field of `Roster` in `records.py`, an entry here, and a table (`cases/store/tables.py`) with its migration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from cases.values.records import Course, Discipline, Enrolment, Record, Roster, Target, TypedFigure, Unit
from cases.values.sheets import (
    LONGEST_NAME,
    Sheet,
    SheetColumn,
    case_sheet,
    code_column,
    date_column,
    key_column,
    mark_column,
    number_column,
    setting_column,
    text_column,
)

Deed = Literal["record", "committee_step", "type_figures", "organise", "settle"]
"""The cell's own steps and all else of a case; the committee's; figures; units and targets; details of a unit."""
BY_ANY: tuple[Deed, ...] = ("record", "committee_step")
"""What a cell's secretary writes, and a committee's officer too."""

_CASES = "case"
_CODE = (("code",),)
KEYS_APART = " · "
"""Between the parts of what names a thing of several."""
_LINES = "Nhiều dòng thì xuống dòng trong ô."


Identity = tuple[tuple[str, Any], ...]
"""What makes a thing this one: for each place of its key which field is filled, and with what."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: a thing's flat form and its dataclass have the same names of fields."""

    name: str
    """As the log calls it; its table is the plural."""
    things: str
    """The field of a roster that holds them."""
    made: type[Any]
    key: tuple[tuple[str, ...], ...]
    """The fields by which one is found; of several in one place the first that is filled counts."""
    own_sheet: Sheet | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """The fields that hold the key of another thing, with the kind of that."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The columns of the table that are called otherwise than their field."""
    unique: bool = True
    """Whether a key whose first choices are filled is one thing's alone."""
    came_later: bool = False
    """Whether workbooks were written, and hashes taken, before there was this kind."""
    deeds: tuple[Deed, ...] = BY_ANY
    """As which deed one is written where several work in a store; either of them is enough."""

    @property
    def sheet(self) -> Sheet:
        """The sheet of a workbook that holds them; that of cases comes from the vocabulary of the rules."""
        return self.own_sheet or case_sheet()

    @property
    def label(self) -> str:
        """What people call them."""
        return self.sheet.name

    @property
    def table(self) -> str:
        """The table of the store."""
        return f"{self.name}s"

    @property
    def has_code(self) -> bool:
        """Whether other things name one by its code."""
        return self.key == _CODE

    def column_of(self, name: str) -> str:
        """The column of the table that holds a field."""
        return f"{name}_id" if name in self.names else self.columns.get(name, name)

    @property
    def days(self) -> frozenset[str]:
        """The fields that are days."""
        return frozenset(column.field for column in self.sheet.columns if column.type == "date")

    def of(self, roster: Roster) -> tuple[Any, ...]:
        """The things of this kind in a roster."""
        found: tuple[Any, ...] = getattr(roster, self.things)
        return found

    def is_left_out(self, roster: Roster) -> bool:
        """Whether a roster, having none of a kind that came later, is written and hashed as it was before that."""
        return self.came_later and not self.of(roster)

    def fields_of(self) -> tuple[str, ...]:
        """The fields of a thing, in the order of its dataclass."""
        return tuple(one.name for one in fields(self.made))

    def identity(self, value: Any) -> Identity:
        """What makes a thing this one: for each place of the key which field is filled, and with what.

        ``value`` gives the value of a field by its name.
        """
        return tuple(_first(names, value) for names in self.key)

    def identity_of(self, thing: Any) -> Identity:
        """What makes a thing this one."""
        if self.key == _CODE:  # of most things, and asked of all of them
            return (("code", thing.code or None),)
        return self.identity(lambda name: getattr(thing, name))

    def is_alone(self, value: Any) -> bool:
        """Whether no second thing may have the same key."""
        return self.unique and all(value(names[0]) is not None for names in self.key)

    def called(self, value: Any) -> str:
        """How a thing is called in the log and in messages."""
        return self.called_by(self.identity(value))

    def called_by(self, identity: Identity) -> str:
        """The same of one of which is known what makes it this one."""
        return KEYS_APART.join([str(found) for _, found in identity if found])


def _first(names: tuple[str, ...], value: Any) -> tuple[str, Any]:
    """The first of the fields that is filled, with its value."""
    return next(((name, found) for name in names if (found := value(name))), (names[-1], None))


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "unit",
            "units",
            Unit,
            (("code",),),
            Sheet(
                "Đơn vị",
                (
                    key_column("code", "Mã đơn vị", filled=True),
                    key_column("name", "Tên đơn vị", longest=LONGEST_NAME),
                    code_column("level", "Cấp", "unit_level"),
                    code_column("sector", "Khối", "unit_sector"),
                    key_column("parent", "Trực thuộc", note="Mã của đơn vị cấp trên có trong sheet này."),
                    date_column("opened_on", "Ngày thành lập"),
                    date_column("closed_on", "Ngày kết thúc"),
                    mark_column("no_masses_left", "Không còn quần chúng"),
                    mark_column("few_members", "Ít đảng viên"),
                    setting_column("letterhead", "Tiêu đề biểu", note=f"Bên trái, phía trên biểu và giấy tờ. {_LINES}"),
                    setting_column("place", "Địa danh", one_line=True, note="Trước ngày tháng ở biểu, giấy tờ."),
                    setting_column("document_symbol", "Ký hiệu văn bản", one_line=True, note="Ví dụ BC/BTCTU."),
                    setting_column("signer_title", "Chức vụ người ký", note=f"Ví dụ T/M CHI ỦY, BÍ THƯ. {_LINES}"),
                    setting_column("signer", "Người ký", one_line=True),
                    setting_column("preparer", "Người lập biểu", one_line=True),
                    setting_column("recipients", "Nơi nhận", note=_LINES),
                    SheetColumn(
                        *("kept_columns", "Cột có theo dõi", "codes", "kept_column"),
                        optional=True,
                        note="Cột của sheet Hồ sơ mà đơn vị có theo dõi dù chưa ô nào có nội dung; "
                        "nhiều cột thì cách nhau bằng dấu chấm phẩy.",
                    ),
                ),
                "Các đảng bộ, chi bộ. Khi sheet này có dòng, mã đơn vị ở các sheet khác phải có ở đây.",
            ),
            names={"parent": "unit"},
        ),
        Kind(
            "case",
            "records",
            Record,
            (("code",),),
            names={"unit": "unit"},
        ),
        Kind(
            "course",
            "courses",
            Course,
            (("code",),),
            Sheet(
                "Lớp",
                (
                    key_column("code", "Mã lớp", filled=True),
                    code_column("kind", "Loại", "course_kind", filled=True),
                    key_column("unit", "Mã đơn vị"),
                    date_column("opened_on", "Ngày mở"),
                    date_column("closed_on", "Ngày bế giảng"),
                    text_column("audience", "Đối tượng"),
                    mark_column("online", "Trực tuyến"),
                ),
                "Các lớp bồi dưỡng nhận thức về Đảng và bồi dưỡng đảng viên mới.",
            ),
            names={"unit": "unit"},
        ),
        Kind(
            "enrolment",
            "enrolments",
            Enrolment,
            (("course",), ("case", "full_name")),
            Sheet(
                "Học viên",
                (
                    key_column("course", "Mã lớp", filled=True),
                    key_column("case", "Mã hồ sơ"),
                    key_column(
                        "full_name", "Họ và tên", longest=LONGEST_NAME, note="Chỉ cần khi học viên chưa có hồ sơ."
                    ),
                    mark_column("youth_union", "Đoàn viên TNCS"),
                    mark_column("trade_union", "Đoàn viên công đoàn"),
                    date_column("certified_on", "Ngày cấp chứng nhận"),
                ),
                "Người học của từng lớp.",
            ),
            names={"course": "course", "case": "case"},
        ),
        Kind(
            "target",
            "targets",
            Target,
            (("unit",), ("year",)),
            Sheet(
                "Chỉ tiêu",
                (
                    key_column("unit", "Mã đơn vị", filled=True),
                    number_column("year", "Năm"),
                    number_column("value", "Chỉ tiêu kết nạp"),
                ),
                "Chỉ tiêu kết nạp mỗi năm của đơn vị.",
            ),
            names={"unit": "unit"},
            deeds=("organise",),
        ),
        Kind(
            "discipline",
            "disciplines",
            Discipline,
            (("case",), ("form",), ("on",)),
            Sheet(
                "Kỷ luật",
                (
                    key_column("case", "Mã hồ sơ", filled=True),
                    code_column("form", "Hình thức", "discipline_form", filled=True),
                    date_column("on", "Ngày", filled=True),
                ),
                "Các lần kỷ luật.",
            ),
            names={"case": "case"},
            columns={"on": "decided_on"},
            unique=False,
        ),
        Kind(
            "figure",
            "figures",
            TypedFigure,
            (("unit",), ("indicator",), ("begins_on",), ("ends_on",)),
            Sheet(
                "Số nhập tay",
                (
                    key_column("unit", "Mã đơn vị", filled=True),
                    code_column("indicator", "Chỉ số", "typed_figure", filled=True),
                    date_column("begins_on", "Từ ngày", filled=True),
                    date_column("ends_on", "Đến ngày", filled=True),
                    SheetColumn("value", "Giá trị", "decimal", filled=True, needed=True),
                    text_column("source", "Ghi chú/nguồn"),
                    SheetColumn("author", "Người nhập", "key", optional=True, longest=LONGEST_NAME),
                    SheetColumn("entered_on", "Ngày nhập", "date", optional=True),
                ),
                "Không bắt buộc: số liệu mà sổ không tính ra được, mỗi số cho một đơn vị và một kỳ. "
                "Số tính đến một ngày thì ghi ngày ấy ở cả hai cột ngày.",
            ),
            names={"unit": "unit"},
            came_later=True,
            deeds=("type_figures",),
        ),
    )
}
"""In the order in which they are written: what names another thing comes after it."""


def beside_cases() -> Iterable[Kind]:
    """The kinds that are kept beside cases, each on a sheet of its own."""
    return (kind for kind in KINDS.values() if kind.name != _CASES)


def roster_of(things: Mapping[str, Iterable[Any]]) -> Roster:
    """The roster of things by the name of their kind."""
    known: dict[str, Any] = {KINDS[name].things: tuple(found) for name, found in things.items()}
    return Roster(**known)
