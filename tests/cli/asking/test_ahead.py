"""`dubi ahead`: the months of `timings`, what they ask for at the least, and who comes too late for the meetings."""

from __future__ import annotations

import csv
import datetime as dt
from itertools import combinations
from pathlib import Path

from desk.answers.meetings import meeting_days
from engine.language.time_limits import calendar
from engine.statistics.timing.ahead import Ask, asked_by_month, fewest_days, too_late
from tests.calling import Dubi
from tests.conftest import DATA
from tests.whole import some

ROSTER = DATA / "rosters" / "dang-bo-co-so.xlsx"
DAY = ("--as-of", "2025-07-15")

MEETINGS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//van phong//lich hop//VI
BEGIN:VEVENT
UID:dinh-ky
DTSTART;TZID=Asia/Ho_Chi_Minh:20250610T080000
RRULE:FREQ=MONTHLY;UNTIL=20251231T170000Z
EXDATE;TZID=Asia/Ho_Chi_Minh:20250910T080000
SUMMARY:Họp ban thường vụ
END:VEVENT
BEGIN:VEVENT
UID:dinh-ky
RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20251010T080000
DTSTART;TZID=Asia/Ho_Chi_Minh:20251013T080000
END:VEVENT
BEGIN:VEVENT
UID:dem
DTSTART:20251224T180000Z
END:VEVENT
BEGIN:VEVENT
UID:huy
STATUS:CANCELLED
DTSTART;VALUE=DATE:20251105
END:VEVENT
BEGIN:VEVENT
UID:le
DTSTART;VALUE=DATE:20260115
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def ask(opens: str, closes: str, unit: str = "CB-01", what: str = "committee_meetings") -> Ask:
    """A limit that asks for something between two days of January 2026."""
    return Ask("HS-1", "", unit, what, dt.date(2026, 1, int(opens)), dt.date(2026, 1, int(closes)))


def test_the_months_are_those_of_timings(dubi: Dubi) -> None:
    """The same three numbers a month, for all and for a unit; the months of the units add up to them."""
    for more in ((), ("--unit", "CB-03")):
        found = dubi("ahead", ROSTER, *DAY, *more, "--json").json
        timed = dubi("timings", ROSTER, "--from", "2025-07-01", "--to", "2025-07-15", *more, "--json").json["ahead"]
        numbers = [{name: month[name] for name in timed[0]} for month in found["ahead"]]
        assert numbers == timed
        assert all(month["meetings"] is month["late"] is None for month in found["ahead"])
        for name in ("probations_ending", "cell_limits", "decision_limits"):
            own = sum(month[name] for unit in found["by_unit"] for month in unit["months"])
            assert own == sum(month[name] for month in timed)
        for name in ("cell_meetings", "course_places"):
            own = sum(month["asks"][name] for unit in found["by_unit"] for month in unit["months"])
            assert own == sum(month["asks"][name] for month in found["ahead"])


def test_fewest_days_reach_everybody() -> None:
    """Against every choice of days: none that is smaller reaches all limits, and the chosen one does."""
    for limits in ((("1", "9"), ("5", "12"), ("10", "11"), ("12", "20")), (("3", "3"), ("1", "2")), (("1", "31"),)):
        wanted = [ask(*limit) for limit in limits]
        days = [dt.date(2026, 1, day) for day in range(1, 32)]

        def reaches(chosen: tuple[dt.date, ...], wanted: list[Ask] = wanted) -> bool:
            return all(any(one.opens <= day <= one.closes for day in chosen) for one in wanted)

        found = fewest_days(wanted)
        assert reaches(tuple(found))
        assert not any(reaches(chosen) for chosen in combinations(days, len(found) - 1))
    cells = [ask("1", "9", unit, "cell_meetings") for unit in ("CB-01", "CB-02")]
    assert asked_by_month(cells, ["2026-01"])["2026-01"].cell_meetings == 2


def test_late_is_whoever_has_no_meeting_up_to_the_limit() -> None:
    """A meeting on the last day of the limit is in time, one on the day after is not."""
    wanted = [ask("2", "9")]
    assert too_late(wanted, [dt.date(2026, 1, 9)]) == []
    (late,) = too_late(wanted, [dt.date(2026, 1, 1), dt.date(2026, 1, 10)])
    assert (late.due, late.next_meeting) == (dt.date(2026, 1, 9), dt.date(2026, 1, 10))
    assert too_late(wanted, [])[0].next_meeting is None


def test_monthly_and_a_calendar(dubi: Dubi, tmp_path: Path) -> None:
    """Who comes too late is among the decisions of the month; a calendar is read with all that makes its days."""
    file = tmp_path / "hop.ics"
    file.write_text(MEETINGS, encoding="utf-8")
    days = meeting_days(str(file), dt.date(2025, 7, 15), dt.date(2026, 6, 30), calendar())
    wanted = ["2025-08-10", "2025-10-13", "2025-11-10", "2025-12-10", "2025-12-25", "2026-01-15"]
    assert [str(day) for day in days] == wanted
    found = {}
    for given in ("monthly", "hang-thang", file):
        months = dubi("ahead", ROSTER, *DAY, "--meetings", given, "--json").json["ahead"]
        found[given] = months
        for month in months:
            assert all(day.startswith(month["month"]) for day in month["meetings"])
            assert len(month["late"]) <= month["decision_limits"]
            for one in month["late"]:
                assert one["due"].startswith(month["month"])
    assert found["monthly"] == found["hang-thang"]
    assert found["monthly"][0]["meetings"] == ["2025-07-31"]
    assert found["monthly"][7]["meetings"] == ["2026-02-27"]  # the 28th is a Saturday
    assert [day for month in found[file] for day in month["meetings"]] == wanted
    late = [one["case"] for month in found["monthly"] for one in month["late"]]
    page = dubi("ahead", ROSTER, *DAY, "--meetings", "monthly").out
    assert f"Sẽ quá hạn quyết định nếu chỉ họp những ngày ấy: {len(late)}\n" in page
    assert late
    assert all(case in page for case in late)


def test_every_number_opens_to_its_people(dubi: Dubi) -> None:
    """A month lists as many limits as it counts, under both ways of writing a month."""
    for month in some(dubi("sap-toi", ROSTER, *DAY, "--json").json["ahead"]):
        number = month["probations_ending"] + month["cell_limits"] + month["decision_limits"]
        year, place = month["month"].split("-")
        for who in (month["month"], f"{int(place)}/{year}"):
            rows = list(csv.reader(dubi("ahead", ROSTER, *DAY, "--who", who, "--csv").out.splitlines()))
            assert len(rows) == 1 + number


def test_refusals(dubi: Dubi, tmp_path: Path) -> None:
    """What is no calendar, a calendar of our own reminders, one without events, a month too far, a unit unknown."""
    ours, empty, text = tmp_path / "nhac.ics", tmp_path / "trong.ics", tmp_path / "chu.ics"
    assert dubi("remind", ROSTER, "--ics", ours, *DAY).code == 0
    empty.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n")
    text.write_text("họp ngày 10")
    for more, code, said in (
        (("--meetings", ours), 3, "lịch nhắc hạn do dubi ghi"),
        (("--meetings", empty), 3, "không có buổi họp nào"),
        (("--meetings", text), 3, "không phải là lịch"),
        (("--meetings", tmp_path / "khong-co.ics"), 3, "khong-co.ics"),
        (("--who", "12/2030"), 2, "Không có tháng “12/2030”"),
        (("--unit", "CB-99"), 2, "Không có đơn vị “CB-99”"),
    ):
        ran = dubi("ahead", ROSTER, *DAY, *more)
        assert (ran.code, ran.out) == (code, ""), more
        assert said in ran.err
