"""Which rows of a roster are persons, and what the others are: titles, groups, totals, signatures.

A row is no person only when its own cells say so; when in doubt it is one, and then lacks something it is told of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cases.files.grids import blank
from cases.rosters.columns.column_kinds import BIRTH_KINDS, DATE_KINDS
from cases.rosters.tables.headings import (
    BODY,
    COUNT,
    NUMBERING,
    ONLY_NUMBERING,
    ORGANISATION,
    PLACE,
    Group,
    group_name,
    status_of,
    unit_and_status,
)
from cases.workbook.cells import shown
from rules.loader.spelling.days import is_date_text
from rules.loader.spelling.folding import fold, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cases.files.grids import Grid
    from cases.files.xlsx_reading import RawCell
    from cases.rosters.columns.roster_header import RosterHeader

IgnoredKind = Literal["title", "note", "header", "column_numbers", "group", "blank", "total", "signature"]

_TOTAL = re.compile(
    r"(tổng\s*(số|cộng)?|cộng|tông\s+cộng)\s*([:=\-(\d]|$|đảng viên|toàn|chung|danh sách|có|là)", re.IGNORECASE
)
_TOTAL_FOLDED = re.compile(r"(tong cong|tong so|tong|cong)\s*([:=(]|\d|$)")
_NOTE = re.compile(r"[(*]|ghi chú\b|lưu ý\b|chú thích\b|chú ý\b|tính đến\b|hướng dẫn\b|đơn vị tính\b", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"(nguoi lap|nguoi ke khai|bi thu|pho bi thu|t/m|tm\b|kt\b|thu truong|chu tich|xac nhan|nguoi ky|ky ten|"
    r"ky,|\(ky\b|giam doc|hieu truong|thuong truc|can bo to chuc|chu nhiem|truong ban|noi nhan|k/t)"
)
_PLACE_AND_DAY = re.compile(r".{0,60}\bngay\b[\s.…\d]*\bthang\b[\s.…\d]*\bnam\b[\s.…\d]*")

_COLUMN_NUMBER = re.compile(r"[\[(]?\s*(\d{1,3})\s*[\])]?")

_MOST_CELLS_OF_A_FOOT = 3
_MOST_PEOPLE = 1_000_000
_FEWEST_COLUMN_NUMBERS = 3


@dataclass(slots=True)
class Sorted:
    """The rows of a sheet by what they are; rows are counted from 0."""

    persons: list[int] = field(default_factory=list)
    ignored: dict[int, IgnoredKind] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    """The heading that each person stands under, the nearest one."""
    units: dict[int, Group] = field(default_factory=dict)
    """The heading of an organisation or a place that each person stands under."""
    statuses: dict[int, Group] = field(default_factory=dict)
    """The heading that tells the status of each person."""
    totals: dict[int, int] = field(default_factory=dict)
    """How many a total row says there are."""
    titles: list[str] = field(default_factory=list)
    title_status: str | None = None
    """The status that a title over the header tells of everybody below it."""


def sort_rows(grid: Grid, header: RosterHeader, begin: int = 0, end: int | None = None) -> Sorted:
    """Say of every row of a table what it is; a table may begin and end within the sheet."""
    found = Sorted()
    for row in range(begin, header.top):
        texts = _texts(grid.rows[row])
        if not texts:
            found.ignored[row] = "blank"
        elif _NOTE.match(texts[0]):
            found.ignored[row] = "note"
        else:
            found.ignored[row] = "title"
            found.titles += texts
            found.title_status = status_of(" ".join(texts)) or found.title_status
    sorter = _Sorter(grid, header)
    under = _Under()
    for row in range(header.bottom + 1, len(grid.rows) if end is None else end):
        kind = sorter.kind(row)
        if kind is None:
            found.persons.append(row)
            under.put(row, found)
            continue
        found.ignored[row] = kind
        if kind == "group":
            under.head(sorter.group(row))
        elif kind == "total" and (declared := sorter.declared(row)) is not None:
            found.totals[row] = declared
    _drop_tail(found)
    return found


@dataclass(slots=True)
class _Under:
    """The headings that hold where the reading stands: organisation and status may stand one within the other."""

    nearest: Group | None = None
    unit: Group | None = None
    status: Group | None = None
    status_is_outer: bool = False

    def head(self, group: Group | None) -> None:
        """A new heading: of two kinds the inner one ends where the outer one changes."""
        if group is None:
            self.nearest = self.unit = self.status = None
            return
        if group.status is not None:
            self.status_is_outer = self.status_is_outer or self.unit is None
            self.unit = group if group.is_unit else None if self.status_is_outer else self.unit
            self.status = group
        else:
            self.status = self.status if self.status_is_outer and self.status is not None else None
            self.unit = group
        self.nearest = group

    def put(self, row: int, found: Sorted) -> None:
        """Place a person under the headings."""
        for heading, of_rows in (
            (self.nearest, found.groups),
            (self.unit, found.units),
            (self.status, found.statuses),
        ):
            if heading is not None:
                of_rows[row] = heading


def _drop_tail(found: Sorted) -> None:
    """Blank rows after the last filled one are no rows."""
    last = max([*found.persons, *(row for row, kind in found.ignored.items() if kind != "blank")], default=-1)
    for row in [row for row in found.ignored if row > last]:
        del found.ignored[row]


class _Sorter:
    """What stands where in the rows of one sheet."""

    def __init__(self, grid: Grid, header: RosterHeader) -> None:
        self.grid, self.header = grid, header
        self.number_at = header.position("row_number")
        self.name_at = header.position("name", "given_name", "middle_name", "family_name")
        self.date_at = [
            column.position
            for column in header.columns
            if len(column.fields) == 1 and column.fields[0].kind in DATE_KINDS | BIRTH_KINDS
        ]
        self.birth_year_at = [
            column.position
            for column in header.columns
            if any(one.kind in ("birth_male", "birth_female", "male_mark", "female_mark") for one in column.fields)
        ]
        self.header_texts = {
            column.position: _cell_text(grid.rows, header.bottom, column.position) for column in header.columns
        }
        self.top_texts = {
            column.position: _cell_text(grid.rows, header.top, column.position) for column in header.columns
        }
        self.signing = False

    def kind(self, row: int) -> IgnoredKind | None:
        """What a row is when it is no person; None for a person."""
        cells = self.grid.rows[row]
        filled = [position for position, raw in enumerate(cells) if not blank(raw)]
        if not filled or (
            filled == [self.number_at] and self._numbered(cells)
        ):  # a line numbered beforehand is as blank as any
            broken = any(place[0] == row for place in self.grid.broken) if self.grid.broken else False
            return None if broken else "blank"
        if len(filled) >= _FEWEST_COLUMN_NUMBERS:
            if self._is_column_numbers(cells, filled):
                return "column_numbers"
            if self._is_header(row):
                return "header"
        if len(filled) > _MOST_CELLS_OF_A_FOOT and self._numbered(cells):
            return None
        texts = _texts(cells)
        if not texts:
            return None
        if _is_total(texts[0]) or (len(texts) > 1 and ONLY_NUMBERING.fullmatch(texts[0]) and _is_total(texts[1])):
            self.signing = True
            return "total"
        if len(filled) == 1 and _PLACE_AND_DAY.fullmatch(fold(texts[0])) and filled[0] != self.name_at:
            self.signing = True
            return "signature"
        return None if self._has_person(cells) else self._kind_of_words(cells, filled, texts)

    def _kind_of_words(self, cells: list[RawCell], filled: list[int], texts: list[str]) -> IgnoredKind | None:
        """What a row without a date is, by its words."""
        first = texts[0]
        numbered, short = self._numbered(cells), len(filled) <= _MOST_CELLS_OF_A_FOOT
        signed = all(_SIGNATURE.match(fold(text)) for text in texts) and len(texts) == len(filled)
        if not numbered and (signed or (short and any(_PLACE_AND_DAY.fullmatch(fold(text)) for text in texts))):
            self.signing = True
            return "signature"
        if short and not numbered:
            if group_name(texts) and self._heads(filled, texts):
                return "group"
            alone = len(texts) == len(filled) == 1
            if alone and _NOTE.match(first) and not (self.signing and first[0] in "(*"):
                return "note"
            if self.signing:
                return "signature"
        elif (
            numbered and len(texts) == 1 and len(filled) == 2 and (ORGANISATION.search(fold(first)) or status_of(first))
        ):
            return "group"
        elif self.signing and not numbered and self.number_at is not None and len(texts) == len(filled):
            return "signature"
        return None

    def _has_person(self, cells: list[RawCell]) -> bool:
        """Whether a date of the person's stands in the row."""
        for position in self.date_at:
            raw = cells[position]
            if not blank(raw) and (not isinstance(raw, str | int | float) or is_date_text(shown(raw))):
                return True
        return False

    def _numbered(self, cells: list[RawCell]) -> bool:
        if self.number_at is None or blank(cells[self.number_at]):
            return False
        return shown(cells[self.number_at]).isdecimal()

    def _heads(self, filled: list[int], texts: list[str]) -> bool:
        """Whether a short row heads others: it says so by its words, or by standing where no name stands."""
        words = [text for text in texts if not (ONLY_NUMBERING.fullmatch(text) or COUNT.search(text))]
        if len(words) > 1:
            return False
        joined = " ".join(texts)
        if status_of(joined) is not None:
            return True
        if ORGANISATION.search(fold(joined)) or NUMBERING.match(texts[0]) or ONLY_NUMBERING.fullmatch(texts[0]):
            return True
        if COUNT.search(joined) or PLACE.match(joined) or (len(filled) == 1 and BODY.match(joined)):
            return True
        return self.name_at is not None and filled[-1] < self.name_at and not self.signing

    def _is_column_numbers(self, cells: list[RawCell], filled: list[int]) -> bool:
        """1, 2, 3 … or (1), (2), (3) … across the row."""
        expected = None
        for position in filled:
            match = _COLUMN_NUMBER.fullmatch(shown(cells[position]))
            if match is None or (expected is not None and int(match[1]) != expected):
                return False
            expected = int(match[1]) + 1
        return True

    def _is_header(self, row: int) -> bool:
        """The header once more, as printed on each page."""
        for texts in (self.top_texts, self.header_texts):
            said = {position: text for position, text in texts.items() if text}
            if len(said) >= 2 and all(
                _cell_text(self.grid.rows, row, position) == text for position, text in said.items()
            ):
                return True
        return False

    def group(self, row: int) -> Group | None:
        """What a group row says: None for one that says nothing that can be used."""
        texts = _texts(self.grid.rows[row])
        name, is_unit, status = unit_and_status(texts)
        if not name:
            return None
        count = COUNT.search(" ".join(texts))
        return Group(row, name, is_unit, int(count[1]) if count else self._counted(row), status)

    def declared(self, row: int) -> int | None:
        """How many a total row says there are."""
        text = " ".join(_texts(self.grid.rows[row]))
        if (match := COUNT.search(text)) or (match := re.search(r"(\d{1,6})(?!\s*[/.\-]\d)", text)):
            return int(match[1])
        return self._counted(row)

    def _counted(self, row: int) -> int | None:
        """The number of people that stands in a cell of its own, or half under Nam and half under Nữ."""
        numbers = {
            position: int(raw)
            for position, raw in enumerate(self.grid.rows[row])
            if position != self.number_at
            and isinstance(raw, int | float)
            and not isinstance(raw, bool)
            and 0 <= raw < _MOST_PEOPLE
        }
        if len(numbers) == 1:
            return next(iter(numbers.values()))
        halves = [numbers[position] for position in self.birth_year_at if position in numbers]
        return sum(halves) if len(halves) == len(self.birth_year_at) > 0 and len(halves) == len(numbers) else None


def _is_total(text: str) -> bool:
    """Whether a text begins a total: with its diacritics, since Tống Công Hậu is a person."""
    plain = tidy(text)
    if _TOTAL.match(plain):
        return True
    return plain.isascii() and _TOTAL_FOLDED.match(fold(plain)) is not None


def _texts(cells: list[RawCell]) -> list[str]:
    return [text for raw in cells if isinstance(raw, str) and (text := tidy(raw))]


def _cell_text(rows: Sequence[list[RawCell]], row: int, position: int) -> str:
    raw = rows[row][position] if position < len(rows[row]) else ""
    return fold(shown(raw)) if not blank(raw) else ""


def looks_like_unit(text: str) -> bool:
    """Whether a title or a sheet's name is an organisation: offered as the unit of a roster that names none."""
    return ORGANISATION.search(fold(text)) is not None
