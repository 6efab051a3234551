"""The work of a month: what is overdue, blocked, due or comes up, unit by unit, each with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases.values.whole_file import whole_file
from reports.lists.citing import citation, title_of
from rules.loader import vocabulary
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from cases.values.records import Unit
    from engine.coming_up import Coming
    from engine.findings import Evaluation

LISTED = ("overdue", "blocked", "due", "confirm")
"""The severities that are work; what is only told is not."""
COMING = "coming"

COLUMNS = (
    ("STT", 5),
    ("Mức độ", 12),
    ("Mã hồ sơ", 11),
    ("Họ và tên", 22),
    ("Việc và lý do", 62),
    ("Hạn", 11),
    ("Còn (quá) ngày", 9),
    ("Ai làm", 16),
    ("Căn cứ", 20),
    ("Độ chắc chắn", 14),
    ("Đã làm ngày", 12),
)
"""The headings; the last column is for the hand."""
FONT = "Times New Roman"
LEFT = '"còn "0;"quá "0;"hôm nay"'
"""Days that are left are said so, and days that are over; the cell stays a number to sort by."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do about one case."""

    severity: str
    rule: str
    """The rule that tells it, or the limit that comes up."""
    unit: str | None
    case: str
    name: str
    reason: str
    due: dt.date | None
    days_left: int | None
    """Below nought once the day has passed."""
    held_by: str | None
    document: str
    clause: str | None
    certainty: str


def work(evaluation: Evaluation, coming: Sequence[Coming]) -> list[Item]:
    """What has to be done, unit by unit, the most pressing first; a limit a finding speaks of is not told twice."""
    as_of = evaluation.as_of
    items = [
        Item(
            found.severity,
            found.rule,
            found.unit,
            found.case,
            found.name,
            found.message,
            found.due,
            None if found.due is None else (found.due - as_of).days,
            found.held_by,
            found.document,
            found.clause,
            found.certainty,
        )
        for found in evaluation.findings
        if found.severity in LISTED
    ]
    told = {(item.case, item.due) for item in items}
    items += [
        Item(
            COMING,
            entry.deadline,
            entry.unit,
            entry.case,
            entry.name,
            f"{entry.label}: hạn hết ngày {shown_day(entry.day)}.",
            entry.day,
            (entry.day - as_of).days,
            None,
            entry.document,
            entry.clause,
            entry.certainty,
        )
        for entry in coming
        if (entry.case, entry.day) not in told
    ]
    order = {severity: place for place, severity in enumerate((*LISTED, COMING))}
    return sorted(
        items, key=lambda item: (item.unit or "", order[item.severity], item.due or dt.date.max, item.case, item.reason)
    )


def write_worklist(
    path: Path, items: Sequence[Item], as_of: dt.date, until: dt.date, units: Sequence[Unit], *, replace: bool = False
) -> None:
    """Write the list as a workbook; the same list gives the same bytes."""
    import xlsxwriter

    with whole_file(path, suffix=".xlsx", replace=replace) as draft:
        options = {"in_memory": True, "default_format_properties": {"font_name": FONT, "font_size": 11}}
        workbook = xlsxwriter.Workbook(draft, options)
        workbook.set_properties({"title": "Việc trong tháng", "created": dt.datetime(2000, 1, 1)})
        _fill(workbook, items, as_of, until, {unit.code: unit.name for unit in units})
        workbook.close()


def _fill(workbook: Any, items: Sequence[Item], as_of: dt.date, until: dt.date, names: dict[str, str | None]) -> None:
    from reports.render.xlsx_sheets import LINE

    sheet = workbook.add_worksheet("Việc trong tháng")
    form = {"font_name": FONT, "font_size": 11, "border": 1, "valign": "top"}
    head = workbook.add_format({**form, "bold": True, "align": "center", "text_wrap": True, "valign": "vcenter"})
    group, text = workbook.add_format({**form, "bold": True}), workbook.add_format({**form, "text_wrap": True})
    number = workbook.add_format({**form, "align": "center"})
    day = workbook.add_format({**form, "align": "center", "num_format": "dd/mm/yyyy"})
    left = workbook.add_format({**form, "align": "center", "num_format": LEFT})
    title = workbook.add_format({"font_name": FONT, "font_size": 14, "bold": True, "align": "center"})
    plain = workbook.add_format({"font_name": FONT, "font_size": 11, "italic": True, "align": "center"})
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, f"VIỆC CẦN LÀM ĐẾN HẾT NGÀY {shown_day(until)}", title)
    sheet.merge_range(1, 0, 1, last, f"(Tính đến ngày {shown_day(as_of)}; {len(items)} việc)", plain)
    for column, (heading, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, heading, head)
    row, unit = 4, object()
    for place, item in enumerate(items, 1):
        if item.unit != unit:
            unit = item.unit
            called = " · ".join(filter(None, (item.unit, names.get(item.unit or "")))) or "Chưa ghi đơn vị"
            sheet.merge_range(row, 0, row, last, called, group)
            row += 1
        _write_item(sheet, row, place, item, text, number, day, left)
        row += 1
    sheet.set_row(3, 2 * LINE)
    sheet.freeze_panes(4, 0)
    sheet.repeat_rows(3)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")


def _write_item(sheet: Any, row: int, place: int, item: Item, text: Any, number: Any, day: Any, left: Any) -> None:
    from reports.render.xlsx_sheets import LINE, lines_of

    codes = vocabulary.load().codes
    sheet.write_number(row, 0, place, number)
    held_by = codes["held_by"][item.held_by] if item.held_by else ""
    words = dict(enumerate((title_of(item.severity), item.case, item.name, item.reason), 1))
    words |= {7: held_by, 8: citation(item.document, item.clause), 9: codes["certainty"][item.certainty]}
    for column, said in words.items():
        sheet.write_string(row, column, said, text)
    # Not every program fits the height of a row to wrapped text.
    sheet.set_row(row, LINE * max(lines_of(said, COLUMNS[column][1]) for column, said in words.items()) + 2)
    if item.due is None:
        sheet.write_blank(row, 5, None, day)
        sheet.write_blank(row, 6, None, number)
    else:
        sheet.write_datetime(row, 5, dt.datetime.combine(item.due, dt.time()), day)
        sheet.write_number(row, 6, item.days_left or 0, left)
    sheet.write_blank(row, 10, None, day)
