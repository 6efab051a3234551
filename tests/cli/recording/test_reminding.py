"""The month's work and the calendar as commands."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar

from engine.ruleset import load_ruleset
from tests.cli.conftest import Dubi


@pytest.mark.usefixtures("book")
def test_the_work_of_a_month(dubi: Dubi, tmp_path: Path) -> None:
    """All that is overdue, blocked or due, and what comes up by the end of the month, with reason and clause."""
    ran = dubi("list", "--as-of", "2025-03-01", "--json")
    work = ran.json["work"]
    assert ran.json["until"] == "2025-03-31"
    found = dubi("check", "--as-of", "2025-03-01", "--json").json["findings"]
    told = [one for one in found if one["severity"] in ("overdue", "blocked", "due", "confirm")]
    assert [one for one in work if one["severity"] != "coming"]
    assert len([one for one in work if one["severity"] != "coming"]) == len(told)
    assert all(one["reason"] and one["document"] for one in work)
    assert all(one["due"] <= "2025-03-31" for one in work if one["severity"] == "coming")
    assert len(dubi("viec-trong-thang", "--as-of", "2025-03-01", "--month", "6/2025", "--json").json["work"]) > len(
        work
    )
    wrote = dubi("list", "--as-of", "2025-03-01", "--xlsx", "viec.xlsx")
    assert wrote.code == 0, wrote.err
    sheet = openpyxl.load_workbook(tmp_path / "viec.xlsx").active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if isinstance(row[0], int)]
    for cells in sheet.iter_rows(min_row=5):
        if isinstance(cells[0].value, int):
            # Every row has room for its longest text, and days that are over are not shown as less than nothing.
            assert (sheet.row_dimensions[cells[0].row].height or 0) >= 15.5 * (len(str(cells[4].value)) // 70 + 1)
            assert "quá" in cells[6].number_format or cells[6].value is None
    rules = load_ruleset().rules
    matters = {one["rule"]: rules[one["rule"]].text.matter if one["rule"] in rules else None for one in work}
    listed = [(row[2], row[4]) for row in rows]
    assert [entry for entry in ((one["case"], one["reason"]) for one in work) if entry in listed] == listed
    assert len(listed) == len({(one["case"], matters[one["rule"]] or one["rule"]) for one in work})
    again = dubi("list", "--as-of", "2025-03-01", "--xlsx", "viec2.xlsx")
    assert again.code == 0
    assert (tmp_path / "viec.xlsx").read_bytes() == (tmp_path / "viec2.xlsx").read_bytes()


@pytest.mark.usefixtures("book")
def test_months_that_are_none(dubi: Dubi) -> None:
    """A month that is past, that there is not, or that is no month is refused in words."""
    for month, words in (("2/2025", "đã qua"), ("13/2025", "Không có tháng"), ("ba", "không phải là tháng")):
        ran = dubi("list", "--as-of", "2025-03-01", "--month", month)
        assert ran.code == 3
        assert words in ran.err


@pytest.mark.usefixtures("book")
def test_a_calendar_is_brought_up_to_date(dubi: Dubi, tmp_path: Path) -> None:
    """The limits as events; when one is met, the next writing calls it off."""

    def events() -> dict[str, str]:
        calendar = Calendar.from_ical((tmp_path / "l.ics").read_bytes())
        return {str(event["uid"]): str(event.get("status", "")) for event in calendar.walk("VEVENT")}

    assert dubi("remind", "--ics", "l.ics", "--as-of", "2025-02-20").code == 0
    before = events()
    due = dubi("due", "--as-of", "2025-02-20", "--within", "90", "--json").json["coming"]
    assert len(before) == len(due)
    dubi("record", "HS-03", "chi-bo-xet-chinh-thuc", "--on", "21/2/2025")
    ran = dubi("nhac-viec", "--ics", "l.ics", "--as-of", "2025-02-24")
    assert "báo huỷ" in ran.out
    after = events()
    assert "CANCELLED" in {after[uid] for uid in before if uid in after}
    assert set(after) > {uid for uid, status in after.items() if status}
    text = (tmp_path / "l.ics").read_text(encoding="utf-8")
    assert "Bích Bình" not in text
    dubi("remind", "--ics", "ten.ics", "--as-of", "2025-02-24", "--names")
    named = Calendar.from_ical((tmp_path / "ten.ics").read_bytes()).walk("VEVENT")
    assert any("HS-04 Vũ Tiến Ước" in str(event["summary"]) for event in named)
