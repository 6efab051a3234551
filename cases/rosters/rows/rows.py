"""Which rows of a roster are persons, and what the others are: titles, groups, totals, signatures.

A row is no person only when its own cells say so; when in doubt it is one, and then lacks something it is told of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cases.rosters.columns.kinds import BIRTH_KINDS, DATE_KINDS
from cases.rosters.files.grids import blank
from cases.workbook.cells import shown
from rules.loader.spelling.days import is_date_text
from rules.loader.spelling.folding import fold, tidy

if TYPE_CHECKING:
    from cases.rosters.columns.headers import Header
    from cases.rosters.files.grids import Grid
    from cases.workbook.xlsx_reading import RawCell

IgnoredKind = Literal["title", "note", "header", "column_numbers", "group", "blank", "total", "signature"]

_TOTAL = re.compile(
    r"(tổng\s*(số|cộng)?|cộng|tông\s+cộng)\s*([:=\-(\d]|$|đảng viên|toàn|chung|danh sách|có|là)", re.IGNORECASE
)
_TOTAL_FOLDED = re.compile(r"(tong cong|tong so|tong|cong)\s*([:=(]|\d|$)")
_NUMBERING = re.compile(
    r"\s*(?:[IVXLC]+|[A-ZĐ]|\d{1,3}(?:\.\d{1,2})*)\s*[.)\-/:](?!\d)\s*|\s*[IVXLC]+\s+(?=(?:chi|đảng)\s)", re.IGNORECASE
)
_ONLY_NUMBERING = re.compile(r"(?:[IVXLC]+|[A-ZĐ]|\d{1,3}\.\d{1,2})\s*[.)/]?")
_COUNT = re.compile(
    r"[:(\-–]?\s*(?:có |gồm )?(\d{1,5})\s*(?:đồng chí|đ/c|đc|đảng viên|đv|người|dv|dong chi)\b", re.IGNORECASE
)
_NOTE = re.compile(r"[(*]|ghi chú\b|lưu ý\b|chú thích\b|chú ý\b|tính đến\b|hướng dẫn\b|đơn vị tính\b", re.IGNORECASE)
_ORGANISATION = re.compile(r"\b(chi bo|dang bo|dang uy|to dang|cb|db)\b")
# with their marks: Bàn, Xa and Quản are family names
_PLACE = re.compile(
    r"(xã|phường|thị trấn|tỉnh|huyện|quận|thành phố|tp|thôn|bản|ấp|khu phố|khóm|buôn|tổ dân phố|khu)\b", re.IGNORECASE
)
_BODY = re.compile(
    r"(trường|công ty|trạm|phòng|hội|ban|cơ quan|xí nghiệp|hợp tác xã|bệnh viện|u[ỷy] ban|ủy ban|khối|đội|tổ|nhà máy|"
    r"doanh nghiệp|trung tâm)\s",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(nguoi lap|nguoi ke khai|bi thu|pho bi thu|t/m|tm\b|kt\b|thu truong|chu tich|xac nhan|nguoi ky|ky ten|"
    r"ky,|\(ky\b|giam doc|hieu truong|thuong truc|can bo to chuc|chu nhiem|truong ban|noi nhan|k/t)"
)
_PLACE_AND_DAY = re.compile(r".{0,60}\bngay\b[\s.…\d]*\bthang\b[\s.…\d]*\bnam\b[\s.…\d]*")

_COLUMN_NUMBER = re.compile(r"[\[(]?\s*(\d{1,3})\s*[\])]?")

_MOST_CELLS_OF_A_FOOT = 3
_MOST_PEOPLE = 1_000_000
_FEWEST_COLUMN_NUMBERS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """A row that heads the rows below it: an organisation, or only a place; perhaps with how many there are."""

    row: int
    name: str
    is_unit: bool
    declared: int | None


@dataclass(slots=True)
class Sorted:
    """The rows of a sheet by what they are; rows are counted from 0."""

    persons: list[int] = field(default_factory=list)
    ignored: dict[int, IgnoredKind] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    """The group that each person stands under."""
    totals: dict[int, int] = field(default_factory=dict)
    """How many a total row says there are."""
    titles: list[str] = field(default_factory=list)


def sort_rows(grid: Grid, header: Header) -> Sorted:
    """Say of every row what it is."""
    found = Sorted()
    for row in range(header.top):
        texts = _texts(grid.rows[row])
        if not texts:
            found.ignored[row] = "blank"
        elif _NOTE.match(texts[0]):
            found.ignored[row] = "note"
        else:
            found.ignored[row] = "title"
            found.titles += texts
    sorter = _Sorter(grid, header)
    group: Group | None = None
    for row in range(header.bottom + 1, len(grid.rows)):
        kind = sorter.kind(row)
        if kind is None:
            found.persons.append(row)
            if group is not None:
                found.groups[row] = group
            continue
        found.ignored[row] = kind
        if kind == "group":
            group = sorter.group(row)
        elif kind == "total" and (declared := sorter.declared(row)) is not None:
            found.totals[row] = declared
    _drop_tail(found)
    return found


def _drop_tail(found: Sorted) -> None:
    """Blank rows after the last filled one are no rows."""
    last = max([*found.persons, *(row for row, kind in found.ignored.items() if kind != "blank")], default=-1)
    for row in [row for row in found.ignored if row > last]:
        del found.ignored[row]


class _Sorter:
    """What stands where in the rows of one sheet."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid, self.header = grid, header
        self.number_at = header.position("row_number")
        self.name_at = header.position("name", "given_name", "family_name")
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
        if _is_total(texts[0]) or (len(texts) > 1 and _ONLY_NUMBERING.fullmatch(texts[0]) and _is_total(texts[1])):
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
            if _group_name(texts, is_only=True) and self._heads(filled, texts):
                return "group"
            alone = len(texts) == len(filled) == 1
            if alone and _NOTE.match(first) and not (self.signing and first[0] in "(*"):
                return "note"
            if self.signing:
                return "signature"
        elif numbered and len(texts) == 1 and len(filled) == 2 and _ORGANISATION.search(fold(first)):
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
        words = [text for text in texts if not (_ONLY_NUMBERING.fullmatch(text) or _COUNT.search(text))]
        if len(words) > 1:
            return False
        joined = " ".join(texts)
        if _ORGANISATION.search(fold(joined)) or _NUMBERING.match(texts[0]) or _ONLY_NUMBERING.fullmatch(texts[0]):
            return True
        if _COUNT.search(joined) or _PLACE.match(joined) or (len(filled) == 1 and _BODY.match(joined)):
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
        name = _group_name(texts, is_only=False)
        if not name:
            return None
        count = _COUNT.search(" ".join(texts))
        is_unit = bool(_ORGANISATION.search(fold(name))) or not _PLACE.match(name)
        return Group(row, name, is_unit, int(count[1]) if count else self._counted(row))

    def declared(self, row: int) -> int | None:
        """How many a total row says there are."""
        text = " ".join(_texts(self.grid.rows[row]))
        if (match := _COUNT.search(text)) or (match := re.search(r"(\d{1,6})(?!\s*[/.\-]\d)", text)):
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


def _group_name(texts: list[str], *, is_only: bool) -> str:
    """The name in a group row without its numbering and count."""
    words = [text for text in texts if not _ONLY_NUMBERING.fullmatch(text)]
    if not words:
        return ""
    text = _NUMBERING.sub("", words[0], count=1) if _NUMBERING.match(words[0]) else words[0]
    text = re.split(r"\s*[:(]|\s+[–—-]\s+(?=\d)", text, maxsplit=1)[0]
    name = _COUNT.sub("", text).strip(" .:,;-–")
    return name if is_only or name else ""


def _texts(cells: list[RawCell]) -> list[str]:
    return [text for raw in cells if isinstance(raw, str) and (text := tidy(raw))]


def _cell_text(rows: list[list[RawCell]], row: int, position: int) -> str:
    raw = rows[row][position] if position < len(rows[row]) else ""
    return fold(shown(raw)) if not blank(raw) else ""


def looks_like_unit(text: str) -> bool:
    """Whether a title or a sheet's name is an organisation: offered as the unit of a roster that names none."""
    return _ORGANISATION.search(fold(text)) is not None
