"""The clock of the law: its calendar against two other sources, and its arithmetic against its own laws."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import holidays
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from engine.language.time_limits import Calendar, add_months, calendar, full_years
from rules.calendar_source import text
from rules.loader.calendar import FILE, CalendarTable, SpecialDay, load
from rules.loader.spelling.days import FIRST_DAY

CALENDAR = calendar()
TABLE_END = dt.date(CALENDAR.last_table_year, 12, 31)

DIFFERENCES = {
    dt.date(2026, 1, 2): "off by the swap of 12729/VPCP-KGVX, 25/12/2025, which the package lacks",
    dt.date(2026, 1, 10): "the Saturday worked for it",
}
"""The only days on which we contradict the package `holidays`, each with its reason."""

days = st.dates(FIRST_DAY, TABLE_END)
days_to_spare = st.dates(FIRST_DAY, dt.date(CALENDAR.last_table_year - 2, 12, 31))
counts = st.integers(1, 300)


def day(text: str) -> dt.date:
    """A date as the domain writes it."""
    return dt.datetime.strptime(text, "%d/%m/%Y").date()


def each_day(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every day from the first to the last."""
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def test_table_is_the_working_calendar(data: Path) -> None:
    """The table of the law and the shipped working calendar say the same of every special day, source included."""
    with (data / "working_calendar.csv").open(encoding="utf-8", newline="") as file:
        expected = [tuple(row.values()) for row in csv.DictReader(file)]
    assert [(str(d.date), d.kind, d.name, d.source) for d in load().days] == expected


def test_every_day_of_the_working_calendar(data: Path) -> None:
    """On every day of 2015–2027 we work exactly when the shipped working calendar does."""
    with (data / "working_calendar.csv").open(encoding="utf-8", newline="") as file:
        special = {row["date"]: row["kind"] for row in csv.DictReader(file)}
    for date in each_day(dt.date(2015, 1, 1), dt.date(2027, 12, 31)):
        kind = special.get(str(date))
        assert CALENDAR.is_working(date) is (date.weekday() < 5 if kind is None else kind == "swap_work"), date


def test_every_day_of_the_package_holidays() -> None:
    """On every day of 2015–2026 we agree with `holidays`, except where a reason is given; and each reason is needed."""
    package = holidays.country_holidays("VN", years=range(2014, 2028))
    different = {
        date
        for date in each_day(dt.date(2015, 1, 1), dt.date(2026, 12, 31))
        if package.is_working_day(date) is not CALENDAR.is_working(date)
    }
    assert different == set(DIFFERENCES)


def test_table_can_be_made_anew() -> None:
    """Making the calendar file anew from the package changes nothing in it."""
    current = FILE.read_text(encoding="utf-8")
    assert text(load(), current.partition("days:\n")[0]) == current


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("10/10/2024", 12, "10/10/2025"),  # 1: plain
        ("29/02/2024", 12, "28/02/2025"),  # 2: leap day
        ("31/08/2025", 12, "31/08/2026"),  # 3: not rolled on, though the day is off
        ("31/08/2025", 3, "30/11/2025"),  # 4: clamped to the end of the month
        ("30/11/2025", 3, "28/02/2026"),
        ("20/08/2020", 60, "20/08/2025"),  # 9: last valid day of a certificate
        ("31/08/2024", 12, "31/08/2025"),  # 10: last valid day of a dossier
        ("14/10/1965", 12 * 60 + 1, "14/11/2025"),  # 11: the month after the 60th birthday
        ("15/04/2023", 36, "15/04/2026"),  # 14: re-admission
        ("10/06/2021", 60, "10/06/2026"),  # 14: re-admission after a cleared record
        ("15/03/2023", 12, "15/03/2024"),  # 365 days would come a day early
        ("28/02/2023", 12, "28/02/2024"),  # and not the end of February
        ("31/01/2025", 1, "28/02/2025"),
        ("31/12/2025", -3, "30/09/2025"),
    ],
)
def test_worked_examples_of_months(start: str, months: int, expected: str) -> None:
    """Months are calendar months, and a day that the month lacks becomes its last."""
    assert add_months(day(start), months) == day(expected)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("10/10/2025", 30, "21/11/2025"),  # 1: cell limit
        ("05/11/2025", 30, "17/12/2025"),  # 1: decision limit
        ("05/11/2025", 45, "09/01/2026"),  # 1: extended, over the swap of 02/01/2026
        ("28/02/2025", 30, "14/04/2025"),  # 2: cell limit after a leap day
        ("01/03/2025", 30, "14/04/2025"),  # 2: the same, had probation ended on 01/03
        ("31/08/2026", 1, "03/09/2026"),  # 3: the first working day after a swap and the National Day
        ("31/08/2026", 30, "14/10/2026"),  # 3
        ("12/06/2025", 60, "08/09/2025"),  # 5: 60 working days
        ("12/06/2025", 45, "14/08/2025"),  # 5: 45 working days
        ("30/06/2025", 60, "24/09/2025"),  # 5
        ("01/07/2025", 45, "04/09/2025"),  # 5
        ("20/06/2025", 30, "01/08/2025"),  # 6
        ("15/07/2025", 30, "26/08/2025"),  # 6
        ("15/07/2025", 45, "18/09/2025"),  # 6: extended
        ("15/03/2025", 30, "26/04/2025"),  # 7: the limit ends on a Saturday worked by swap
        ("20/05/2025", 30, "01/07/2025"),  # 7
        ("05/08/2025", 30, "18/09/2025"),  # 8
        ("20/08/2025", 30, "03/10/2025"),  # 8
        ("20/08/2025", 45, "24/10/2025"),  # 8: extended
        ("03/08/2026", 30, "16/09/2026"),  # 12: from the day of issue
        ("20/08/2026", 30, "05/10/2026"),  # 12: from the day of receipt
        ("04/11/2025", 30, "16/12/2025"),  # 13
        ("20/01/2026", 30, "10/03/2026"),  # 15: over Tết
        ("02/03/2026", 90, "09/07/2026"),  # 15
        ("02/03/2026", 180, "16/11/2026"),  # 15
        ("20/10/2026", 30, "02/12/2026"),  # 16: with 24/11 off as foreseen
    ],
)
def test_worked_examples_of_working_days(start: str, count: int, expected: str) -> None:
    """The day itself is not counted; the Nth working day is the last of the limit."""
    assert CALENDAR.add_working_days(day(start), count) == day(expected)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("10/10/2025", "05/11/2025", 18),  # 1: the cell met on working day 18
        ("20/06/2025", "15/07/2025", 17),  # 6
        ("26/04/2025", "20/05/2025", 14),  # 7: 14 working days late
        ("05/08/2025", "20/08/2025", 11),  # 8
        ("03/10/2025", "10/11/2025", 26),  # 8: late by 26
        ("24/10/2025", "10/11/2025", 11),  # 8: late by 11 had the limit been extended
        ("04/11/2025", "10/12/2025", 26),  # 13
        ("10/12/2025", "04/11/2025", -26),
    ],
)
def test_worked_examples_of_counting(start: str, end: str, expected: int) -> None:
    """Working days are counted after the first day, up to and including the last."""
    assert CALENDAR.working_days_between(day(start), day(end)) == expected


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        ("25/07/2007", "24/07/2025", 17),  # 11: not yet 18
        ("25/07/2007", "25/07/2025", 18),
        ("14/10/1965", "14/10/2025", 60),
        ("29/02/2008", "27/02/2026", 17),
        ("29/02/2008", "28/02/2026", 18),  # as 12 months from 29/02 end on 28/02
        ("29/02/2008", "29/02/2024", 16),
    ],
)
def test_full_years(born: str, on: str, expected: int) -> None:
    """A year of life is completed on the birthday, which is 28/02 where the year has no 29/02."""
    assert full_years(day(born), day(on)) == expected


def test_limits_of_the_table() -> None:
    """Before the table only weekends are left out; after it a limit is unknown, never guessed."""
    assert CALENDAR.add_working_days(day("01/09/2014"), 1) == day("02/09/2014")  # the National Day is not known
    assert CALENDAR.add_working_days(day("01/12/2027"), 22) == day("31/12/2027")
    assert CALENDAR.add_working_days(day("01/12/2027"), 23) is None
    assert CALENDAR.add_working_days(day("01/12/2099"), 1) is None
    assert CALENDAR.add_working_days(dt.date(1899, 12, 31), 1) is None
    assert CALENDAR.is_working(day("03/01/2028")) is None
    assert CALENDAR.is_working(dt.date(1899, 12, 31)) is None
    assert CALENDAR.is_working(FIRST_DAY) is True
    assert CALENDAR.working_days_between(day("31/12/2027"), day("03/01/2028")) is None


def test_a_limit_has_at_least_one_day() -> None:
    """Zero working days is a mistake of the caller, not a limit."""
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.add_working_days(day("01/12/2025"), 0)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("20/10/2026", "02/12/2026", True),  # 16: rests on 24/11/2026
        ("24/11/2026", "02/12/2026", False),
        ("20/10/2026", "23/11/2026", False),
        ("31/12/2026", "01/01/2027", True),
        ("01/12/2026", "31/12/2026", False),
        ("10/06/2027", "11/06/2027", True),  # the whole year is foreseen, its ordinary days too
    ],
)
def test_forecast(start: str, end: str, expected: bool) -> None:
    """A count is a forecast when a day it passes is only foreseen; the day it starts after is not passed."""
    assert CALENDAR.forecast_between(day(start), day(end)) is expected


def test_an_overruled_forecast_moves_the_limit() -> None:
    """Without 24/11/2026 as a day off the limit of worked example 16 ends a day earlier."""
    table = load()
    kept = tuple(d for d in table.days if d.date != dt.date(2026, 11, 24))
    other = Calendar(CalendarTable(table.first_year, table.last_year, table.forecast_years, kept))
    assert other.add_working_days(day("20/10/2026"), 30) == day("01/12/2026")
    assert not other.forecast_between(day("20/10/2026"), day("01/12/2026"))


def test_a_swap_exchanges_two_days() -> None:
    """A weekday off by swap and the weekend day worked for it leave the number of working days as it was."""
    swap = (
        SpecialDay(dt.date(2020, 5, 4), "swap_off", "nghỉ", "thử"),
        SpecialDay(dt.date(2020, 5, 9), "swap_work", "làm bù", "thử"),
    )
    plain, swapped = Calendar(CalendarTable(2020, 2020, (), ())), Calendar(CalendarTable(2020, 2020, (), swap))
    assert swapped.is_working(dt.date(2020, 5, 4)) is False
    assert swapped.is_working(dt.date(2020, 5, 9)) is True
    assert len(plain.ordinals) == len(swapped.ordinals)


@given(days_to_spare, counts)
def test_adding_and_counting_are_inverse(start: dt.date, count: int) -> None:
    """The limit of N working days is a working day, and N working days lie up to it."""
    end = CALENDAR.add_working_days(start, count)
    assert end is not None
    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(start, end) == count
    assert CALENDAR.working_days_between(end, start) == -count


@given(days_to_spare, days_to_spare, counts)
def test_adding_is_monotone(one: dt.date, other: dt.date, count: int) -> None:
    """Who starts later never ends earlier, and a longer limit ends later."""
    first, second = sorted((one, other))
    ends = [CALENDAR.add_working_days(d, n) for d, n in ((first, count), (second, count), (second, count + 1))]
    assert None not in ends
    a, b, c = (end for end in ends if end is not None)
    assert a <= b < c


@given(days_to_spare, counts, counts)
def test_limits_add_up(start: dt.date, one: int, other: int) -> None:
    """N and then M working days are N + M working days."""
    middle = CALENDAR.add_working_days(start, one)
    assert middle is not None
    assert CALENDAR.add_working_days(middle, other) == CALENDAR.add_working_days(start, one + other)


@given(days, days, days)
def test_counting_is_additive(a: dt.date, b: dt.date, c: dt.date) -> None:
    """Counting over a day between gives the same as counting at once."""
    parts = CALENDAR.working_days_between(a, b), CALENDAR.working_days_between(b, c)
    assert None not in parts
    assert sum(part or 0 for part in parts) == CALENDAR.working_days_between(a, c)


@given(days_to_spare, counts)
def test_lookup_table_is_the_calendar(start: dt.date, count: int) -> None:
    """The two lists that columns look up give the same limit as the calendar itself."""
    rank = CALENDAR.ranks[(start - FIRST_DAY).days]
    assert dt.date.fromordinal(CALENDAR.ordinals[rank + count - 1]) == CALENDAR.add_working_days(start, count)


def test_lookup_table_covers_every_day() -> None:
    """The ranks have one entry a day to the end of the table and end with the number of all working days."""
    assert len(CALENDAR.ranks) == (TABLE_END - FIRST_DAY).days + 1
    assert CALENDAR.ranks[-1] == len(CALENDAR.ordinals)


@given(days, st.integers(-600, 600))
def test_law_of_months(start: dt.date, count: int) -> None:
    """The month moves by exactly N; the day stays, or becomes the month's last and never the next month's first."""
    end = add_months(start, count)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == start.day or (end.day < start.day and (end + dt.timedelta(days=1)).day == 1)


@given(days, days, st.integers(0, 240))
def test_months_are_monotone(one: dt.date, other: dt.date, count: int) -> None:
    """Who starts later never ends earlier."""
    first, second = sorted((one, other))
    assert add_months(first, count) <= add_months(second, count)


@given(days, days)
def test_full_years_are_the_most_that_fit(one: dt.date, other: dt.date) -> None:
    """N full years fit between two days and N + 1 do not."""
    start, end = sorted((one, other))
    years = full_years(start, end)
    assert add_months(start, 12 * years) <= end < add_months(start, 12 * (years + 1))


@given(days_to_spare, st.integers(-300, 300))
def test_months_are_those_of_the_library(start: dt.date, count: int) -> None:
    """Months forwards and backwards end on the day that dateutil gives."""
    assert add_months(start, count) == start + relativedelta(months=count)
