"""Which cells of an official sheet are filled from the store, which differ from it, and which are still lacking.

Only what is empty, or less exact than the store, is filled. Where sheet and store say different things the sheet
stands, unless somebody answers that the store is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from cases.files.grids import blank
from cases.files.xlsx_reading import column_index
from cases.rosters.columns import labels
from cases.rosters.columns.column_kinds import BIRTH_KINDS, DATE_KINDS
from cases.rosters.handing_back.knowing import known_of, known_value, stands
from cases.rosters.rows.people import same_person_name
from cases.values.masking import may_show
from cases.values.refusals import BadFile, masked
from cases.workbook.cells import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cases.files.grids import Place
    from cases.rosters.columns.labels import Field
    from cases.rosters.outcome.answers import Answers
    from cases.rosters.outcome.outcome import MappedColumn, RosterPreview, RowOutcome
    from cases.values.records import Record, Roster

OFFICIAL = ("clean_up_sheet", "ds_dangvien")
"""The layouts that an office hands out and wants back."""

Left = Literal["differs", "formula", "merged"]
"""Why a cell about which the store knows something is left as it is."""


class NotAnOfficialSheet(BadFile):
    """A file that is no official sheet to be handed back."""

    problem = "không phải biểu rà soát (28, 31, 33 cột) hay DS_DANGVIEN của cấp trên, nên không điền lại được."
    advice = "Muốn nhập danh sách vào kho thì dùng: dubi import; muốn ghi sổ ra tệp thì dùng: dubi export"


@dataclass(frozen=True, slots=True)
class CellFilled:
    """A cell with what stood there and what the store knows, and from which record."""

    row: int
    """As it is shown."""
    letter: str
    header: str
    field: str
    old: str
    new: str
    case: str
    name: str
    left: Left | None = None
    """Why it is left as it is; None for one that is filled."""

    @property
    def cell(self) -> str:
        """Its place as Excel shows it."""
        return f"{self.letter}{self.row}"

    @property
    def place(self) -> Place:
        """Its row and column from 0."""
        return self.row - 1, column_index(self.letter)

    def as_json(self) -> dict[str, Any]:
        """The form for programs; facts of faith and family are not shown, of numbers only the last digits."""
        hidden = not may_show(self.case, (self.field,))
        return {
            "cell": self.cell,
            "row": self.row,
            "column": self.letter,
            "header": self.header,
            "field": self.field,
            "old": None if hidden else masked(self.old),
            "new": None if hidden else masked(self.new),
            "case": self.case,
            "name": self.name,
            **({"why": self.left} if self.left else {}),
        }


@dataclass(frozen=True, slots=True)
class Lacking:
    """A column that the sheet marks as required, with the rows in which it stays empty."""

    letter: str
    header: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FilledUp:
    """What becomes of an official sheet."""

    filled: tuple[CellFilled, ...] = ()
    left: tuple[CellFilled, ...] = ()
    asked: tuple[RowOutcome, ...] = ()
    """The rows of which it must first be said who they are."""
    unread: tuple[RowOutcome, ...] = ()
    """The rows that are refused, for they cannot be tied to one person."""
    unknown: tuple[int, ...] = ()
    """The rows of people who are not in the store."""
    lacking: tuple[Lacking, ...] = ()

    @property
    def texts(self) -> dict[Place, str]:
        """What is to be written where."""
        return {one.place: one.new for one in self.filled}


def require_official(preview: RosterPreview) -> None:
    """Refuse what is no official sheet, or a sheet with several tables; raises `NotAnOfficialSheet`."""
    if preview.profile not in OFFICIAL or preview.grid is None:
        raise NotAnOfficialSheet(preview.file)
    letters = [one.letter for one in preview.mapping]
    if len(letters) > len(set(letters)):
        raise NotAnOfficialSheet(
            preview.file, "có trang nhiều bảng, không rõ điền vào bảng nào.", "Tách mỗi bảng một trang."
        )


def fill_up(preview: RosterPreview, stored: Roster, answers: Answers, formulas: Collection[Place]) -> FilledUp:
    """Say of every cell of an official sheet whether the store knows it better.

    ``answers.as_of`` is the day after which nothing has happened yet; ``formulas`` are the cells that hold one.
    Raises `NotAnOfficialSheet`.
    """
    require_official(preview)
    sheet = _Sheet(preview, answers, frozenset(formulas))
    by_code = {record.code: record for record in stored.records}
    people = {row.row: _person(row, by_code) for row in preview.rows}
    cells = [cell for row in preview.rows if (whose := people[row.row]) for cell in sheet.cells(row, whose)]
    unsettled = [row for row in preview.rows if people[row.row] is None]
    filled = tuple(cell for cell in cells if cell.left is None)
    return FilledUp(
        filled,
        tuple(cell for cell in cells if cell.left is not None),
        tuple(row for row in unsettled if row.outcome == "confirm"),
        tuple(row for row in unsettled if row.outcome == "refused"),
        tuple(row.row for row in unsettled if row.outcome in ("accepted", "warned")),
        tuple(sheet.lacking(people, {cell.place for cell in filled})),
    )


def _person(row: RowOutcome, by_code: Mapping[str, Record]) -> Record | None:
    """The stored person whom a row is of; days that are refused do not make the row another's."""
    if row.record is not None:
        return by_code.get(row.record.code)
    known = by_code.get(str(row.fields.get("code")))
    refused = {why.remark.field for why in row.why if why.outcome == "refused"}
    if row.outcome != "refused" or known is None or not refused <= _days():
        return None
    names = str(row.fields.get("full_name", "")), str(known.fields.get("full_name", ""))
    return known if same_person_name(*names) else None


def _days() -> frozenset[str]:
    return frozenset(name for name, one in labels.load().fields.items() if one.kind in (DATE_KINDS | BIRTH_KINDS))


@dataclass(slots=True)
class _Sheet:
    """The sheet with the meaning of its columns."""

    preview: RosterPreview
    answers: Answers
    formulas: frozenset[Place]
    columns: list[tuple[MappedColumn, int, Field | None]] = field(init=False)
    covered: frozenset[Place] = field(init=False)
    """The cells that a merge hides."""

    def __post_init__(self) -> None:
        known = labels.load().fields
        self.columns = [
            (one, column_index(one.letter), known.get(one.fields[0]) if len(one.fields) == 1 else None)
            for one in self.preview.mapping
        ]
        assert self.preview.grid is not None
        self.covered = frozenset(
            (row, column)
            for merge in self.preview.grid.merges
            for row in range(merge.top, merge.bottom + 1)
            for column in range(merge.left, merge.right + 1)
            if (row, column) != (merge.top, merge.left)
        )

    def _raw(self, row: int, position: int) -> Any:
        assert self.preview.grid is not None
        cells = self.preview.grid.rows[row - 1]
        return cells[position] if position < len(cells) else ""

    def cells(self, row: RowOutcome, record: Record) -> Iterator[CellFilled]:
        """The cells of a row about which the store knows something that does not stand there."""
        today, joined = self.answers.as_of or date.max, self.answers.joined
        for column, position, one in self.columns:
            if one is None:
                continue
            words = [self._raw(other.row, position) for other in self.preview.rows]
            known = known_of(one, record, today, joined, words)
            if known is None:
                continue
            raw = self._raw(row.row, position)
            day = known_value(one, record.fields, today, joined)
            own = known_value(one, row.fields, date.max, joined)
            standing = stands(one, raw, own, known, day if isinstance(day, date) else None)
            if standing == "same":
                continue
            found = CellFilled(
                row.row,
                column.letter,
                column.header,
                one.name,
                "" if blank(raw) else shown(raw),
                known,
                record.code,
                str(record.fields.get("full_name", "")),
            )
            yield replace(found, left=self._left(found, standing, row))

    def _left(self, found: CellFilled, standing: str, row: RowOutcome) -> Left | None:
        if found.place in self.formulas:
            return "formula"
        if found.place in self.covered:
            return "merged"
        kept = standing == "differs" and self.answers.taken(row.row, row.block) != "store"
        return "differs" if kept else None

    def lacking(self, people: Mapping[int, Record | None], filled: Collection[Place]) -> Iterator[Lacking]:
        """The columns marked as required with the rows that they stay empty in.

        Who is on probation has no day of recognition; its column is asked for those only who are known to be official.
        """
        for column, position, one in self.columns:
            if "*" not in column.header or (one is not None and one.kind == "skipped"):
                continue
            rows = tuple(
                row.row
                for row in self.preview.rows
                if blank(self._raw(row.row, position))
                and (row.row - 1, position) not in filled
                and (one is None or one.name != "recognised_from" or _is_official(people[row.row], row))
            )
            if rows:
                yield Lacking(column.letter, column.header, rows)


def _is_official(record: Record | None, row: RowOutcome) -> bool:
    facts = {**(record.fields if record else {}), **row.fields}
    return bool({"recognition_decided_on", "recognised_partly"} & facts.keys())
