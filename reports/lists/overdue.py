"""The list of what is overdue and blocked, as a workbook to print and to pass on."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.values.whole_file import whole_file
from engine.findings import UNCONFIRMED_NOTE
from reports.lists.citing import citation
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Unit
    from engine.findings import Evaluation, Finding

COLUMNS = (
    ("STT", 5),
    ("Mã hồ sơ", 10),
    ("Họ và tên", 19),
    ("Đơn vị", 17),
    ("Nội dung", 52),
    ("Hạn", 11),
    ("Số ngày quá hạn", 8),
    ("Ai đang giữ", 17),
    ("Căn cứ", 18),
    ("Ghi chú", 14),
)
"""The headings, with widths that fill an A4 page across."""
GROUPS = (("overdue", "I. QUÁ HẠN"), ("blocked", "II. VƯỚNG, CHƯA LÀM TIẾP ĐƯỢC"))
FONT = "Times New Roman"
SIZE, SMALL = 12, 11
LINE = 14.5
"""The height of a line of text; rows are given theirs, because not every program fits them to wrapped text."""
_LAST = len(COLUMNS) - 1


def write_overdue(
    path: Path,
    evaluation: Evaluation,
    units: Sequence[Unit],
    *,
    unit: str | None = None,
    law: dt.date | None = None,
    replace: bool = False,
) -> None:
    """Write the overdue and blocked findings of an evaluation; the same findings give the same bytes."""
    import xlsxwriter

    with whole_file(path, suffix=".xlsx", replace=replace) as draft:
        options = {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": SIZE}}
        workbook = xlsxwriter.Workbook(draft, options)
        workbook.set_properties({"title": "Danh sách quá hạn và vướng", "created": dt.datetime(2000, 1, 1)})
        _Sheet(workbook, {known.code: known for known in units}).write(evaluation, unit, law)
        workbook.close()


class _Sheet:
    """The one sheet of the list, written from top to bottom."""

    def __init__(self, workbook: Any, units: dict[str, Unit]) -> None:
        self.sheet = workbook.add_worksheet("Quá hạn và vướng")
        self.units = units
        self.codes = vocabulary.load().codes

        def style(**properties: object) -> Any:
            return workbook.add_format({"font_name": FONT, "font_size": SIZE, "valign": "vcenter", **properties})

        self.plain, self.strong = style(align="center"), style(align="center", bold=True)
        self.underlined = style(align="center", bold=True, underline=1)
        self.title, self.italic = style(align="center", bold=True, font_size=14), style(align="center", italic=True)
        cell = {"border": 1, "font_size": SMALL}
        self.head = style(**cell, align="center", bold=True, text_wrap=True)
        self.group = style(**cell, bold=True)
        self.text = style(**cell, text_wrap=True)
        self.centre = style(**cell, align="center")
        self.day = style(**cell, align="center", num_format="dd/mm/yyyy")
        self.foot = style(text_wrap=True)

    def write(self, evaluation: Evaluation, unit: str | None, law: dt.date | None) -> None:
        """Write heading, table and foot, and set the page."""
        header = self._heading(evaluation.as_of, unit, law)
        for column, (heading, width) in enumerate(COLUMNS):
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(header, column, heading, self.head)
        self.sheet.set_row(header, 2 * LINE + 4)
        row, listed = header + 1, [f for f in evaluation.findings if f.severity in dict(GROUPS)]
        for severity, title in GROUPS:
            findings = [found for found in listed if found.severity == severity]
            self.sheet.merge_range(row, 0, row, _LAST, f"{title}: {len(findings)} việc", self.group)
            row = self._rows(row + 1, findings)
        self._foot(row, listed)
        self._page(header)

    def _heading(self, as_of: dt.date, unit: str | None, law: dt.date | None) -> int:
        """Write what stands above the table, as Party papers have it; returns the row of the table's head."""
        above, own = self._organisation(unit)
        left = ((above, self.plain), (own, self.strong), ("*", self.strong))
        for row, (words, form) in enumerate(line for line in left if line[0]):
            self.sheet.merge_range(row, 0, row, 3, words, form)
        self.sheet.merge_range(0, 5, 0, _LAST, "ĐẢNG CỘNG SẢN VIỆT NAM", self.underlined)
        self.sheet.merge_range(3, 0, 3, _LAST, "DANH SÁCH HỒ SƠ QUÁ HẠN VÀ VƯỚNG", self.title)
        self.sheet.merge_range(4, 0, 4, _LAST, "về kết nạp đảng viên và công nhận đảng viên chính thức", self.strong)
        self.sheet.set_row(3, 20)
        said = f"(Tính đến ngày {shown_day(as_of)}"
        if law is not None:
            said += f"; xét theo quy định có hiệu lực ngày {shown_day(law)}"
        self.sheet.merge_range(5, 0, 5, _LAST, f"{said})", self.italic)
        return 7

    def _organisation(self, unit: str | None) -> tuple[str, str]:
        """The names of the organisation above and of the one whose list this is."""
        roots = [known.code for known in self.units.values() if known.parent is None]
        code = unit or (roots[0] if len(roots) == 1 else None)
        own = self.units.get(code or "")
        above = self.units.get(own.parent or "") if own else None
        return (self._name(above).upper() if above else ""), (self._name(own).upper() if own else code or "")

    def _name(self, unit: Unit) -> str:
        return unit.name or unit.code

    def _rows(self, row: int, findings: list[Finding]) -> int:
        """Write the findings of a group, unit by unit, the latest first; returns the next free row."""
        order = sorted(findings, key=lambda f: (f.unit or "", -(f.days_late or 0), f.case, f.rule))
        for number, found in enumerate(order, start=1):
            unit = self.units.get(found.unit or "")
            texts = {
                1: found.case,
                2: found.name,
                3: self._name(unit) if unit else found.unit or "",
                4: found.message.removesuffix(UNCONFIRMED_NOTE).strip(),
                7: self.codes["held_by"][found.held_by] if found.held_by else "",
                8: citation(found.document, found.clause),
                9: self._remarks(found),
            }
            lines = max(_lines(text, COLUMNS[column][1]) for column, text in texts.items())
            self.sheet.set_row(row, LINE * lines + 4)
            for column, text in texts.items():
                write = self.sheet.write_string if text else self.sheet.write_blank
                write(row, column, text, self.text)
            self.sheet.write_number(row, 0, number, self.centre)
            self._day(row, 5, found.due)
            if found.days_late is None:
                self.sheet.write_blank(row, 6, None, self.centre)
            else:
                self.sheet.write_number(row, 6, found.days_late, self.centre)
            row += 1
        return row

    def _day(self, row: int, column: int, day: dt.date | None) -> None:
        if day is None:
            self.sheet.write_blank(row, column, None, self.day)
        else:
            self.sheet.write_datetime(row, column, dt.datetime.combine(day, dt.time()), self.day)

    def _remarks(self, found: Finding) -> str:
        """What a reader must know before relying on the line."""
        remarks = [self.codes["certainty"][found.certainty]] if found.certainty in ("secondary", "unconfirmed") else []
        if found.overlay:
            remarks.append(f"theo quy định riêng: {found.overlay}")
        return "; ".join(remarks)

    def _foot(self, row: int, listed: list[Finding]) -> None:
        """Write the sums, what the reader must know, and the places to sign."""
        cases = len({found.case for found in listed})
        lines = [
            f"Tổng cộng {len(listed)} việc của {cases} hồ sơ; một hồ sơ có thể có nhiều việc.",
            "Số ngày quá hạn đếm theo lịch, từ sau ngày hạn đến ngày tính.",
        ]
        unsure = sum(found.certainty == "unconfirmed" for found in listed)
        if unsure:
            lines.append(f"{unsure} việc dựa vào giá trị chưa đối chiếu với văn bản gốc (xem cột Ghi chú).")
        for line in lines:
            self.sheet.merge_range(row, 0, row, _LAST, line, self.foot)
            row += 1
        self.sheet.merge_range(row + 1, 0, row + 1, 3, "NGƯỜI LẬP DANH SÁCH", self.strong)
        self.sheet.merge_range(row + 1, 5, row + 1, _LAST, "T/M CẤP ỦY", self.strong)

    def _page(self, header: int) -> None:
        self.sheet.freeze_panes(header + 1, 0)
        self.sheet.repeat_rows(header)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.center_horizontally()
        self.sheet.set_footer(f"&C&{SIZE}&P/&N")


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; its letters are narrower than the digits that widths are given in."""
    return len(textwrap.wrap(text, int(width * 1.1))) or 1
