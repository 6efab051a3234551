"""Reminders keep their names: importing again updates, what is done is called off, another program's file stays."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from engine.coming_up import Coming
from reports.lists.reminders import Reminder, reminders, write_calendar
from rules.loader.errors import BadInput

AS_OF = dt.date(2025, 1, 6)


def limit(case: str, day: dt.date, deadline: str = "recognition.cell") -> Coming:
    """A limit of a case."""
    return Coming(case, "Người Mẫu", "CB-1", day, deadline, "Chi bộ xét chính thức", "qd-294-2025", "4.2.1", "read")


FIRST, SECOND = limit("HS-1", dt.date(2025, 1, 20)), limit("HS-2", dt.date(2025, 2, 3))


def written(path: Path, wanted: list[Coming], as_of: dt.date = AS_OF, pending: list[Coming] | None = None) -> Any:
    """The events of the file, by the case in their title."""
    made = reminders(wanted, "sổ")
    write_calendar(path, made, reminders(wanted if pending is None else pending, "sổ"), as_of)
    calendar = Calendar.from_ical(path.read_bytes())
    return {str(event["summary"]).rpartition(" ")[2]: event for event in calendar.walk("VEVENT")}


def test_an_event_for_each_limit(tmp_path: Path) -> None:
    """All-day events with the reason, alarms before, nobody's name, and marked confidential."""
    events = written(tmp_path / "l.ics", [FIRST, SECOND])
    assert events.keys() == {"HS-1", "HS-2"}
    event = events["HS-1"]
    assert event["dtstart"].dt == dt.date(2025, 1, 20)
    assert event["dtend"].dt == dt.date(2025, 1, 21)
    assert "294-QĐ/TW" in event["description"]
    assert "Người Mẫu" not in (tmp_path / "l.ics").read_text(encoding="utf-8")
    assert event["class"] == "CONFIDENTIAL"
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [dt.timedelta(days=-7), dt.timedelta(days=-1)]
    named = reminders([FIRST], "sổ", names=True)
    assert named[0].title == "Chi bộ xét chính thức: HS-1 Người Mẫu"


def test_the_same_names_again(tmp_path: Path) -> None:
    """The same limits give the same bytes; a limit on another day keeps its name and counts as newer."""
    path = tmp_path / "l.ics"
    first = written(path, [FIRST, SECOND])
    content = path.read_bytes()
    written(path, [FIRST, SECOND])
    assert path.read_bytes() == content
    moved = written(path, [limit("HS-1", dt.date(2025, 1, 27)), SECOND], dt.date(2025, 1, 13))
    assert moved["HS-1"]["uid"] == first["HS-1"]["uid"]
    assert moved["HS-1"]["dtstart"].dt == dt.date(2025, 1, 27)
    assert moved["HS-1"]["sequence"] > first["HS-1"]["sequence"]
    assert moved["HS-1"]["dtstamp"].dt > first["HS-1"]["dtstamp"].dt


def test_names_tell_books_and_limits_apart() -> None:
    """Another book, case or limit has another name."""
    uids = {
        one.uid
        for whose, entry in (
            ("sổ", FIRST),
            ("sổ khác", FIRST),
            ("sổ", SECOND),
            ("sổ", limit("HS-1", FIRST.day, "recognition.decision")),
        )
        for one in reminders([entry], whose)
    }
    assert len(uids) == 4


def test_what_is_done_is_called_off(tmp_path: Path) -> None:
    """A limit that is not pending any more is cancelled under its name, for a while; one that has passed is history."""
    path = tmp_path / "l.ics"
    written(path, [FIRST, SECOND])
    done = written(path, [SECOND], dt.date(2025, 1, 13))
    assert done["HS-1"]["status"] == "CANCELLED"
    assert "status" not in done["HS-2"]
    assert written(path, [SECOND], dt.date(2025, 1, 25))["HS-1"]["status"] == "CANCELLED"
    assert written(path, [], dt.date(2025, 2, 21)).keys() == set()


def test_what_was_not_asked_for_stays(tmp_path: Path) -> None:
    """A narrower question drops nothing that is still pending."""
    path = tmp_path / "l.ics"
    written(path, [FIRST, SECOND])
    again = written(path, [FIRST], dt.date(2025, 1, 13), pending=[FIRST, SECOND])
    assert "status" not in again["HS-2"]


@pytest.mark.parametrize(
    "content", [b"x", b"BEGIN:VCALENDAR\r\nPRODID:-//other//EN\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", b""]
)
def test_another_programs_file_stays(tmp_path: Path, content: bytes) -> None:
    """A file that we did not write is not written over."""
    path = tmp_path / "l.ics"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="không phải do dubi ghi"):
        write_calendar(path, [Reminder("a@dubi", FIRST.day, "A", "B")], [], AS_OF)
    assert path.read_bytes() == content


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal, a second calendar program, is not installed")
@pytest.mark.parametrize("second", [AS_OF, AS_OF - dt.timedelta(days=15)])
def test_a_corrected_day_reaches_another_calendar(tmp_path: Path, second: dt.date) -> None:
    """A limit corrected on the same day, or seen from an earlier one, has a greater SEQUENCE; khal shows it."""
    calendars, config = tmp_path / "calendars", tmp_path / "config"
    calendars.mkdir()
    config.write_text(
        f"[calendars]\n[[limits]]\npath = {calendars}\n[locale]\ndateformat = %Y-%m-%d\n"
        f"longdateformat = %Y-%m-%d\n[sqlite]\npath = {tmp_path / 'khal.db'}\n",
        encoding="utf-8",
    )
    corrected = dt.date(2025, 1, 27)
    numbers = []
    for written_as, day, as_of in ((7, FIRST.day, AS_OF), (8, corrected, second)):
        path = tmp_path / f"{written_as}.ics"
        write_calendar(path, reminders([limit("HS-1", day)], "sổ"), [], as_of, written_as)
        (event,) = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        numbers.append(int(str(event["sequence"])))
        khal(config, "import", "--batch", "-a", "limits", str(path))
    assert numbers[0] < numbers[1]
    assert "HS-1" in khal(config, "list", "2025-01-27", "1d")
    assert "HS-1" not in khal(config, "list", "2025-01-20", "1d")


def khal(config: Path, *words: str) -> str:
    """What khal says."""
    found = shutil.which("khal")
    assert found is not None
    ran = subprocess.run([found, "-c", str(config), *words], capture_output=True, text=True, check=True)  # own words
    return ran.stdout


def test_a_changed_event_of_a_file_is_newer(tmp_path: Path) -> None:
    """Without a log the earlier calendar tells: what changed gets a greater number, what stands keeps its own."""
    path = tmp_path / "l.ics"
    first = written(path, [FIRST, SECOND])
    moved = written(path, [limit("HS-1", dt.date(2025, 1, 27)), SECOND], AS_OF - dt.timedelta(days=3))
    assert int(moved["HS-1"]["sequence"]) > int(first["HS-1"]["sequence"])
    assert int(moved["HS-2"]["sequence"]) == int(first["HS-2"]["sequence"])
