"""Where the time goes as a workbook and as a picture: the numbers, and the people behind each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.values.whole_file import whole_file
from reports.lists.charts import svg
from reports.lists.overview import Picture, Series
from reports.render.pdf import in_dots
from rules.loader import vocabulary
from rules.loader.errors import BadInput
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from engine.statistics.timing.measurement import AheadMonth, Measurement, Transition

FONT = "Times New Roman"
NUMBERS = (
    ("Số người", 8),
    ("Một nửa không quá (ngày)", 11),
    ("Chín phần mười không quá (ngày)", 12),
    ("Lâu nhất (ngày)", 9),
    ("Một nửa không quá (ngày làm việc)", 12),
    ("Quá hạn của luật", 9),
    ("Ngày trái nhau", 9),
)
STRETCH = (("Từ bước", 30), ("Đến bước", 30))
PERSON = (("Mã hồ sơ", 12), ("Họ và tên", 26), ("Đơn vị", 12))
MOST_ROWS = 1_048_576
"""What a sheet of an .xlsx file holds."""
KINDS = {".svg": "svg", ".png": "png"}
"""A picture is of the kind that its name ends with."""

Columns = Sequence[tuple[str, int]]
Rows = Iterable[Sequence[object]]


def write_sheet(path: Path, measured: Measurement, *, replace: bool = False) -> None:
    """Write the numbers and the people as a workbook, the same bytes for the same answer; raises `BadInput`."""
    import xlsxwriter

    with whole_file(path, suffix=".xlsx", replace=replace) as draft:
        options = {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": 11}}
        workbook = xlsxwriter.Workbook(draft, options)
        workbook.set_properties({"title": "Thời gian đi vào đâu", "created": dt.datetime(2000, 1, 1)})
        book = _Book(workbook, measured)
        for name, columns, rows in _sheets(measured):
            book.sheet(name, columns, rows)
        workbook.close()


def write_picture(path: Path, measured: Measurement, *, replace: bool = False) -> None:
    """Draw how long each step takes and what the months bring; raises `BadInput` for a name of no kind of picture."""
    kind = KINDS.get(path.suffix.casefold())
    if kind is None:
        raise BadInput(f"Tên tệp hình “{path.name}” phải kết thúc bằng .svg hoặc .png.")
    drawing = svg(pictures(measured))
    with whole_file(path, suffix=f".{kind}", replace=replace) as draft:
        draft.write_bytes(in_dots(drawing) if kind == "png" else drawing.encode("utf-8"))


def pictures(measured: Measurement) -> tuple[Picture, ...]:
    """How long each step took, and the limits of the coming months."""
    timed = [one for one in measured.transitions() if one.n]
    stretches = tuple(f"{_fact(one.from_step)} → {_fact(one.to_step)}" for one in timed)
    days = (
        Series("Một nửa không quá", tuple(one.median_days or 0 for one in timed)),
        Series("Chín phần mười không quá", tuple(one.p90_days or 0 for one in timed)),
    )
    months = measured.ahead()
    names = tuple(f"{one.month[5:]}/{one.month[2:4]}" for one in months)
    limits = (
        Series("Hết dự bị", tuple(one.probations_ending for one in months)),
        Series("Hạn chi bộ xét", tuple(one.cell_limits for one in months)),
        Series("Hạn quyết định", tuple(one.decision_limits for one in months)),
    )
    run = measured.run
    period = f"{shown_day(run.start)} – {shown_day(run.end)}"
    return (
        Picture(f"Mỗi bước mất bao nhiêu ngày ({period})", stretches, days, across=True),
        Picture(f"Mười hai tháng tới, sau ngày {shown_day(run.as_of)}", names, limits),
    )


def _sheets(measured: Measurement) -> Iterable[tuple[str, Columns, Rows]]:
    holders = vocabulary.load().codes["held_by"]
    yield "Từng bước", (*STRETCH, *NUMBERS), map(_stretch, measured.transitions())
    yield (
        "Đang chờ ai",
        (("Ở đâu", 22), *NUMBERS[:4], ("Hồ sơ lâu nhất", 12)),
        (
            (holders[one.held_by], one.n, one.median_days, one.p90_days, one.oldest.days, one.oldest.case)
            for one in measured.waiting()
        ),
    )
    yield (
        "Theo đơn vị",
        (("Đơn vị", 12), *STRETCH, *NUMBERS),
        ((unit.unit, *_stretch(one)) for unit in measured.by_unit() for one in unit.transitions),
    )
    yield (
        "Theo tháng",
        (("Tháng", 10), *STRETCH, *NUMBERS[:2]),
        (
            (f"{one.month[5:]}/{one.month[:4]}", _fact(one.from_step), _fact(one.to_step), one.n, one.median_days)
            for one in measured.months()
        ),
    )
    yield (
        "Mười hai tháng tới",
        (("Tháng", 10), ("Hết dự bị", 11), ("Hạn chi bộ xét", 11), ("Hạn quyết định", 11)),
        ((_month(one), *astuple(one)[1:]) for one in measured.ahead()),
    )
    yield (
        "Ai, từng bước",
        (*PERSON, *STRETCH, ("Ngày đầu", 12), ("Ngày sau", 12), ("Số ngày", 8), ("Quá hạn", 8)),
        (
            (
                *(one.case, one.name, one.unit, _fact(one.from_step), _fact(one.to_step)),
                *(one.first, one.second, one.days, "x" if one.late else None),
            )
            for one in measured.passed()
        ),
    )
    yield (
        "Ai đang chờ",
        (*PERSON, ("Ở đâu", 22), ("Từ ngày", 12), ("Số ngày", 8)),
        ((one.case, one.name, one.unit, holders[one.held_by], one.since, one.days) for one in measured.held_by()),
    )
    yield (
        "Ai có hạn sắp tới",
        (*PERSON, ("Hạn", 12), ("Việc", 44)),
        ((one.case, one.name, one.unit, one.day, one.label) for one in measured.coming()),
    )


def _stretch(one: Transition) -> tuple[object, ...]:
    return (_fact(one.from_step), _fact(one.to_step), *astuple(one)[2:])


def _fact(name: str) -> str:
    return vocabulary.load().facts[name].label


def _month(one: AheadMonth) -> str:
    return f"{one.month[5:]}/{one.month[:4]}"


class _Book:
    """The sheets of one workbook, all of one form."""

    def __init__(self, workbook: Any, measured: Measurement) -> None:
        self.workbook = workbook
        run = measured.run
        self.said = f"Kỳ {shown_day(run.start)} – {shown_day(run.end)}, tính đến ngày {shown_day(run.as_of)}"
        form = {"font_name": FONT, "font_size": 11, "border": 1, "valign": "vcenter"}
        self.title = workbook.add_format({"font_name": FONT, "font_size": 13, "bold": True})
        self.under = workbook.add_format({"font_name": FONT, "font_size": 11, "italic": True})
        self.head = workbook.add_format({**form, "bold": True, "align": "center", "text_wrap": True})
        self.text = workbook.add_format(form)
        self.number = workbook.add_format({**form, "align": "right"})
        self.day = workbook.add_format({**form, "align": "center", "num_format": "dd/mm/yyyy"})

    def sheet(self, name: str, columns: Columns, rows: Rows) -> None:
        """Write one table."""
        sheet = self.workbook.add_worksheet(name)
        sheet.write_string(0, 0, name.upper(), self.title)
        sheet.write_string(1, 0, self.said, self.under)
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, heading, self.head)
        sheet.set_row(3, 62)
        for row, cells in enumerate(rows, 4):
            if row >= MOST_ROWS:
                raise BadInput(
                    f"Sheet “{name}” không chứa hết: quá {MOST_ROWS:,} dòng".replace(",", ".")
                    + " của một tệp Excel. Chọn kỳ ngắn hơn, một đơn vị (--unit), hoặc --who với --csv."
                )
            for column, cell in enumerate(cells):
                self._write(sheet, row, column, cell)
        sheet.freeze_panes(4, 0)
        sheet.repeat_rows(3)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P/&N")

    def _write(self, sheet: Any, row: int, column: int, cell: object) -> None:
        match cell:
            case None:
                sheet.write_blank(row, column, None, self.text)
            case int():
                sheet.write_number(row, column, cell, self.number)
            case dt.date():
                sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), self.day)
            case _:
                sheet.write_string(row, column, str(cell), self.text)
