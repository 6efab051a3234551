"""The error workbook: a user's own rows that were not taken, the bad cells marked, and the reason beside each row.

It holds the file's own header, so that it can be mended and read again as it is.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cases.files.xlsx_reading import column_index
from cases.workbook.cells import shown
from cases.workbook.write import BookWriter, write_book
from rules.loader.spelling.days import FIRST_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from cases.files.grids import Grid
    from cases.rosters.outcome.outcome import RosterPreview, Why

REASONS = "Lỗi"
"""The header of the last column, which readers of rosters know and skip."""

_SHEET_NAME_LENGTH = 31
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_REASONS_WIDTH, _WIDTH = 60, 16


def write_error_workbook(preview: RosterPreview, path: Path, *, confirm_too: bool = True, force: bool = False) -> int:
    """Write the rows that were refused (and those that wait for an answer); gives how many, writes none for none."""
    wanted = ("refused", "confirm") if confirm_too else ("refused",)
    rows = [row for row in preview.rows if row.outcome in wanted and preview.elsewhere(row) is None]
    grid = preview.grid
    if not rows or grid is None:
        return 0
    lines: dict[int, list[Why]] = {}
    for row in rows:
        if 0 < row.row <= len(grid.rows):
            lines.setdefault(row.row, []).extend(row.why)

    def fill(writer: BookWriter) -> None:
        _ErrorSheet(writer, preview, grid).write(lines)

    write_book(path, fill, force=force)
    return len(lines)


class _ErrorSheet:
    """The one sheet of an error workbook."""

    def __init__(self, writer: BookWriter, preview: RosterPreview, grid: Grid) -> None:
        book = writer.book
        name = (preview.sheet or preview.file.stem).translate(_FORBIDDEN).strip(" '")[:_SHEET_NAME_LENGTH]
        self.page: Worksheet = book.add_worksheet(name or REASONS)
        self.preview, self.grid = preview, grid
        bad = {"bg_color": "#F8CBAD", "border": 1, "border_color": "#C00000"}
        self.header = writer.header
        self.plain = book.add_format({"num_format": "@"})
        self.day = writer.day
        self.bad = book.add_format({**bad, "num_format": "@"})
        self.bad_day = book.add_format({**bad, "num_format": "dd/mm/yyyy"})
        self.reason = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#C00000"})
        self.width = self._used_width()

    def _used_width(self) -> int:
        """How many columns the header and the rows fill."""
        rows = (self.grid.rows[number - 1] for number in self.preview.header_rows)
        return max((place + 1 for row in rows for place, raw in enumerate(row) if raw != ""), default=1)

    def write(self, lines: Mapping[int, Sequence[Why]]) -> None:
        """Write the header, then every line once, with the group row above it where it stands under one."""
        groups = {one.row for one in self.preview.ignored if one.why == "group"}
        line = self._write_header()
        last_group = 0
        for number, whys in lines.items():
            group = max((one for one in groups if one < number), default=0)
            if group and group != last_group:
                line = self._write_row(line, self.grid.rows[group - 1], {})
                last_group = group
            bad: dict[int, list[str]] = {}
            for why in whys:
                if why.remark.column:
                    bad.setdefault(column_index(why.remark.column), []).append(
                        f"{why.remark.reason} {why.remark.suggestion}"
                    )
            said = "\n".join(f"{_place(why.remark.header)}{why.remark.reason} {why.remark.suggestion}" for why in whys)
            self.page.write_string(line, self.width, said, self.reason)
            line = self._write_row(line, self.grid.rows[number - 1], bad)

    def _write_header(self) -> int:
        top = self.preview.header_rows[0] - 1
        for number in self.preview.header_rows:
            for place, raw in enumerate(self.grid.rows[number - 1][: self.width]):
                if raw != "":
                    self.page.write_string(number - 1 - top, place, shown(raw), self.header)
        bottom = len(self.preview.header_rows)
        for merge in self.grid.merges:
            if merge.top >= top and merge.bottom < top + bottom and merge.right < self.width:
                text = self.grid.rows[merge.top][merge.left]
                corners = (merge.top - top, merge.left, merge.bottom - top, merge.right)
                self.page.merge_range(*corners, shown(text) if text != "" else "", self.header)
        self.page.write_string(0, self.width, REASONS, self.header)
        self.page.set_column(0, self.width - 1, _WIDTH)
        self.page.set_column(self.width, self.width, _REASONS_WIDTH)
        self.page.freeze_panes(bottom, 0)
        return bottom

    def _write_row(self, line: int, cells: list[Any], bad: dict[int, list[str]]) -> int:
        for place in range(self.width):
            raw = cells[place] if place < len(cells) else ""
            form, day = (self.bad, self.bad_day) if place in bad else (self.plain, self.day)
            self._write_cell(line, place, raw, form, day)
            if place in bad:
                self.page.write_comment(line, place, "\n".join(bad[place]), {"author": "dubi", "x_scale": 2})
        return line + 1

    def _write_cell(self, line: int, place: int, raw: Any, form: Format, day: Format) -> None:
        if isinstance(raw, datetime | date) and raw.year >= FIRST_YEAR:
            self.page.write_datetime(line, place, raw, day)
        elif isinstance(raw, int | float) and not isinstance(raw, bool) and raw == raw and abs(raw) < 1e15:
            self.page.write_number(line, place, raw, form)
        elif raw == "":
            self.page.write_blank(line, place, None, form)
        else:
            self.page.write_string(line, place, raw if isinstance(raw, str) else shown(raw), form)


def _place(header: str | None) -> str:
    return f"{header}: " if header else ""
