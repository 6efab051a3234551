"""Finding the header of a roster under its titles and notes, in one row or several, and what its columns mean.

A label may stand over several columns with a label of their own below; what the lower one means then hangs on the
upper one. Nothing is settled by likeness: what nobody knows is listed and not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cases.files.grids import HEADER_SEARCHED, column_values
from cases.files.xlsx_reading import column_letter
from cases.rosters.columns import meanings
from cases.rosters.columns.column_kinds import DATE_KINDS, NAME_KINDS
from cases.rosters.columns.evidence import bears_out, fits, fitting, what_stands
from cases.rosters.columns.labels import Field, Labels, forms
from cases.rosters.columns.roster_column import RosterColumn
from cases.rosters.columns.settled import settle_columns
from cases.rosters.columns.stacked import stacked_fields
from cases.workbook.cells import shown
from rules.loader.spelling.days import is_date_text
from rules.loader.spelling.folding import tidy, tidy_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.files.grids import Grid, Merge

_MOST_HEADER_ROWS = 3
_FEWEST_LABELS = 3
_VALUES_TRIED = 500
_PARTS = {"ngày": "day", "tháng": "month", "năm": "year"}
_GOES_WITH = {False: "là ngày", True: "là tên"}


@dataclass(frozen=True, slots=True)
class RosterHeader:
    """The header's rows (from 0, both included) and the columns that have a header."""

    top: int
    bottom: int
    columns: tuple[RosterColumn, ...]
    fields: frozenset[str] = field(default=frozenset())

    def position(self, *kinds: str) -> int | None:
        """Where the first column of one of these kinds stands."""
        for column in self.columns:
            if any(one.kind in kinds for one in column.fields):
                return column.position
        return None

    def has(self, *names: str) -> bool:
        """Whether the roster has a column of one of these fields."""
        return any(name in self.fields for name in names)


@dataclass(frozen=True, slots=True)
class NearlyHeader:
    """A row that is no header, for something lacks: which of its labels are known, and whether one is a name."""

    row: int
    """As it is shown."""
    known: tuple[str, ...]
    named: bool

    def __str__(self) -> str:
        labels = ", ".join(f"“{label}”" for label in self.known)
        lacks = max(0, _FEWEST_LABELS - len(self.known))
        more = f"{lacks} cột quen thuộc nữa" if lacks else "" if not self.named else "một cột quen thuộc khác nghĩa"
        missing = " và ".join(filter(None, ("" if self.named else "cột họ tên", more)))
        return f"Dòng {self.row} có {labels} là quen thuộc, còn thiếu {missing}."


def find_roster_header(
    grid: Grid,
    labels: Labels,
    told: Mapping[str, Field | None],
    first_row: int | None,
    month_first: frozenset[str] = frozenset(),
) -> RosterHeader | None:
    """The first row, or rows, with three known labels, one of them a name; None when there is none.

    ``told`` gives columns a meaning by their header or letter; ``first_row`` (from 0) says where the header begins.
    """
    rows = range(min(len(grid.rows), HEADER_SEARCHED)) if first_row is None else [first_row]
    finder = _Finder(grid, labels, told, month_first)
    for top in rows:
        if top >= len(grid.rows) or (first_row is None and not finder.has_label(top)):
            continue
        bottom = finder.bottom(top)
        columns = finder.columns(top, bottom)
        known = {one.name for column in columns for one in (*column.fields, *column.meanings) if one.name}
        named = any(one.kind in NAME_KINDS for column in columns for one in column.fields)
        if named and (len(known) >= _FEWEST_LABELS or first_row is not None):
            columns, bottom = finder.second_line(columns, bottom)
            settled = settle_columns(columns, grid, bottom + 1)
            fields = frozenset(one.name for column in settled for one in column.fields)
            return RosterHeader(top, bottom, tuple(settled), fields)
    return None


def nearly_header(grid: Grid, labels: Labels, told: Mapping[str, Field | None]) -> NearlyHeader | None:
    """The row that comes nearest to being a header, the first of equals; None where no label is known at all."""
    finder, best = _Finder(grid, labels, told, frozenset()), None
    for top in range(min(len(grid.rows), HEADER_SEARCHED)):
        columns = finder.columns(top, finder.bottom(top)) if finder.has_label(top) else []
        known = tuple(column.header for column in columns if column.fields or column.meanings)
        named = any(one.kind in NAME_KINDS for column in columns for one in column.fields)
        if known and (best is None or (named, len(known)) > (best.named, len(best.known))):
            best = NearlyHeader(top + 1, known, named)
    return best


class _Finder:
    """The search in one sheet."""

    def __init__(
        self, grid: Grid, labels: Labels, told: Mapping[str, Field | None], month_first: frozenset[str]
    ) -> None:
        self.grid, self.labels, self.told, self.month_first = grid, labels, told, month_first
        self.covering: dict[tuple[int, int], Merge] = {
            (row, column): merge
            for merge in grid.merges
            if merge.top < HEADER_SEARCHED + _MOST_HEADER_ROWS and merge.right - merge.left < 300
            for row in range(merge.top, min(merge.bottom, HEADER_SEARCHED + _MOST_HEADER_ROWS) + 1)
            for column in range(merge.left, merge.right + 1)
        }

    def text(self, row: int, position: int) -> str:
        """The words of a cell; numbers and dates are no header."""
        rows = self.grid.rows
        raw = rows[row][position] if row < len(rows) and position < len(rows[row]) else ""
        return tidy_lines(raw) if isinstance(raw, str) else ""

    def has_label(self, row: int) -> bool:
        """Whether a known label stands in the row."""
        return any(
            self.labels.find(text)
            or self.labels.meanings(text)
            or stacked_fields(text, self.labels)
            or meanings.understand([text])[0]
            for position in range(len(self.grid.rows[row]))
            if (text := self.text(row, position))
        )

    def bottom(self, top: int) -> int:
        """The last row of a header that begins at ``top``."""
        bottom = top
        while bottom - top < _MOST_HEADER_ROWS - 1 and self._continues(top, bottom + 1):
            bottom += 1
        return bottom

    def _continues(self, top: int, row: int) -> bool:
        """Whether a row holds lower labels: words only, each under a label that is spread over several columns."""
        if row >= len(self.grid.rows):
            return False
        filled = [position for position, raw in enumerate(self.grid.rows[row]) if raw != "" and tidy(shown(raw))]
        if len(filled) < 2 or any(not self._is_label(row, position) for position in filled):
            return False
        if not all(self._is_spread(top, row - 1, position) for position in filled):
            return False
        return any(self._is_understood(self._levels(top, row, position)) for position in filled)

    def _is_understood(self, levels: list[str]) -> bool:
        parts = levels[-1].strip(" .:*").lower() in _PARTS
        return self._field(levels) is not None or bool(meanings.understand(levels)[0]) or parts

    def _is_label(self, row: int, position: int) -> bool:
        text = tidy(self.text(row, position))
        return bool(text) and not is_date_text(text) and any(sign.isalpha() for sign in text)

    def _is_spread(self, top: int, above: int, position: int) -> bool:
        """Whether the label above reaches over several columns, or nothing stands there."""
        merge = self.covering.get((above, position))
        if merge is not None:
            return merge.right > merge.left
        if self.text(above, position):
            right = position + 1
            return not self._has_merge(top) and right < len(self.grid.rows[above]) and not self.text(above, right)
        return True

    def _has_merge(self, row: int) -> bool:
        return any(place[0] == row for place in self.covering)

    def _levels(self, top: int, bottom: int, position: int) -> list[str]:
        """The labels over a column, from the uppermost to its own."""
        levels: list[str] = []
        for row in range(top, bottom + 1):
            text = self._reaching(top, row, bottom, position)
            if text and text not in levels:
                levels.append(text)
        return levels

    def _reaching(self, top: int, row: int, bottom: int, position: int) -> str:
        if text := self.text(row, position):
            return text
        merge = self.covering.get((row, position))
        if merge is not None:
            return self.text(merge.top, merge.left) if top <= merge.top else ""
        if row == bottom:
            return ""
        # no merge is told of (a text file, a centred label): the label to the left reaches over a lower label
        left = position
        while left >= 0 and not self.text(row, left) and self._lower(row, bottom, left):
            left -= 1
        reaches = left >= 0 and self.text(row, left) and self._lower(row, bottom, left)
        return self.text(row, left) if reaches and (row, left) not in self.covering else ""

    def _lower(self, row: int, bottom: int, position: int) -> bool:
        return any(self.text(below, position) for below in range(row + 1, bottom + 1))

    def second_line(self, columns: list[RosterColumn], bottom: int) -> tuple[list[RosterColumn], int]:
        """The header with a line of further labels below it, as a register has where a person takes two rows.

        Every cell of that line is a label by itself, below another one; what stands in it is stacked.
        """
        row = bottom + 1
        above = {column.position: column for column in columns}
        if row >= len(self.grid.rows):
            return columns, bottom
        filled = [place for place, raw in enumerate(self.grid.rows[row]) if raw != "" and tidy(shown(raw))]
        found = {place: self._single(self.text(row, place)) for place in filled}
        named = any(one is not None and one.name in ("birth_name", "other_name", "full_name") for one in found.values())
        if len(filled) < 2 or not named or not all(found.values()) or not set(filled) <= above.keys():
            return columns, bottom
        stacked = {}
        for place, one in found.items():
            column = above[place]
            if len(column.fields) != 1 or one is None or one.name == column.fields[0].name:
                return columns, bottom
            stacked[place] = replace(
                column, header=f"{column.header}\n{self.text(row, place)}", fields=(*column.fields, one)
            )
        return [stacked.get(column.position, column) for column in columns], row

    def _single(self, text: str) -> Field | None:
        fields = meanings.understand([text])[0] if text else ()
        return self._find(text) or (fields[0] if len(fields) == 1 else None)

    def columns(self, top: int, bottom: int) -> list[RosterColumn]:
        """The columns that have a label, each with its meaning; one without stands between them with no header."""
        columns = []
        width = max(len(self.grid.rows[row]) for row in range(top, bottom + 1))
        for position in range(width):
            levels = self._levels(top, bottom, position)
            if levels:
                columns.append(self._column(position, levels, bottom))
            elif columns:
                told, found = _told(self.told, position, "", "")
                columns.append(RosterColumn(position, "", (found,) if found else (), is_told=told))
        return _parts_of_dates(columns, self.labels)

    def _column(self, position: int, levels: list[str], bottom: int) -> RosterColumn:
        header = tidy(" – ".join(levels))
        told, found = _told(self.told, position, header, levels[-1])
        month_first = any(key in self.month_first for key in _keys(position, header, levels[-1]))
        if told:
            own = (found,) if found else ()
            return RosterColumn(position, header, own, is_told=True, month_first=month_first)
        values = column_values(self.grid, position, bottom + 1)[:_VALUES_TRIED]
        if (one := self._field(levels)) is not None:
            return RosterColumn(
                position, header, (one,), month_first=month_first, reason=_reason((header,), one, values)
            )
        if stack := stacked_fields(levels[-1], self.labels):
            return RosterColumn(position, header, stack)
        if possible := self.labels.meanings(levels[-1]):
            fitting = [one for one in possible if values and all(fits(one, value) for value in values)]
            if len(fitting) == 1:
                return RosterColumn(position, header, (fitting[0],), reason=_reason((header,), fitting[0], values))
            return RosterColumn(position, header, (), possible)
        fields, seen = meanings.understand(levels)
        if len(fields) == 1 and bears_out(fields[0], values):
            reason = _reason(seen.words, fields[0], values)
            return RosterColumn(position, header, fields, month_first=month_first, reason=reason)
        return RosterColumn(position, header, (), fields, holds=what_stands(values), likely=meanings.may_mean(seen))

    def _field(self, levels: list[str]) -> Field | None:
        """The field that a label of the list names, alone or under its upper ones."""
        lower = levels[-1]
        if len(levels) == 1:
            return self._find(lower)
        upper = " ".join(levels[:-1])
        for above in (upper, levels[-2]):
            if (one := self.labels.find_under(above, lower)) is not None:
                return one
        over = self.labels.find(upper) or self.labels.find(levels[-2])
        own = self._find(f"{upper} {lower}") or self._find(f"{lower} {upper}")
        if own is None and (meanings.is_neutral(upper) or over is not None) and not self._is_of_another(levels):
            own = self._find(lower)
        if own is not None and own.kind in NAME_KINDS and over is not None and over.kind == "text":
            return over  # the name of a helper, not of the person
        if own is not None and over is not None and over.kind not in ("text", own.kind) and over.kind in DATE_KINDS:
            return None  # “Năm” under a day is no sex
        if own is None and over is not None and tidy(lower).startswith("("):
            return over
        if own is None and over is not None and over.kind == "text" and not self._is_of_another(levels):
            return replace(over, name=f"{over.name}.{tidy(lower).lower()}", label=f"{over.label} {lower}")
        return own

    def _find(self, text: str) -> Field | None:
        """The field of a label; a note in brackets that tells of a step or a person belongs to it."""
        if (exact := self.labels.find(text, whole=True)) is not None:
            return exact
        bare = meanings.without_notes(text)
        return self.labels.find(bare, whole="(" in bare or "[" in bare)

    def _is_of_another(self, levels: list[str]) -> bool:
        """Whether the heading above is of another person, for whom the label below is not the person's own."""
        return meanings.understand(levels)[0] == (meanings.OTHER_PERSON,)


def _reason(words: tuple[str, ...], one: Field, values: list[Any]) -> str:
    """Why a column is read as a field: the words of its heading, and how many of its cells go with it."""
    said = ", ".join(f"“{word}”" for word in words)
    seen = fitting(one, values)
    return f"vì có chữ {said}" + (f"; {seen[0]}/{seen[1]} ô {_GOES_WITH[one.kind in NAME_KINDS]}" if seen else "")


def _parts_of_dates(columns: list[RosterColumn], labels: Labels) -> list[RosterColumn]:
    """“Ngày”, “Tháng”, “Năm” under one heading of a day are the parts of that day."""
    upper = [column.header.rpartition(" – ")[0] for column in columns]
    parts = [_PARTS.get(column.header.rpartition(" – ")[2].strip(" .:*").lower()) for column in columns]
    settled = list(columns)
    for place, (above, part) in enumerate(zip(upper, parts, strict=True)):
        beside = [other for other, heading in zip(parts, upper, strict=True) if other and heading == above]
        if not above or part is None or len(set(beside)) < 2 or len(beside) != len(set(beside)):
            continue
        own = labels.find(above)
        fields = (own,) if own is not None else meanings.understand([above])[0]
        if len(fields) == 1 and fields[0].kind in DATE_KINDS:
            one = fields[0]
            field = Field(f"{one.name}.{part}", "part", f"{one.label} ({part})")
            settled[place] = replace(columns[place], fields=(field,), meanings=(), reason=f"vì dưới “{above}”")
    return settled


def _keys(position: int, header: str, lower: str) -> tuple[str, ...]:
    """What somebody may call a column by."""
    return column_letter(position), header, lower, *forms(header), *forms(lower)


def _told(told: Mapping[str, Field | None], position: int, header: str, lower: str) -> tuple[bool, Field | None]:
    for key in _keys(position, header, lower):
        if key and key in told:
            return True, told[key]
    return False, None
