"""Makes the `days` of `law/calendar.yaml` anew from the public package `holidays`: python -m rules.calendar_source

Everything above the line `days:` is written by hand and stays: the years, which of them are forecasts, and the
overrides. To take a year in, raise `last_year`; when the yearly notice is out, take the year from `forecast_years`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from importlib.metadata import version

import holidays  # a development dependency: running the program needs only the table

from rules.loader.calendar import FILE, CalendarTable, SpecialDay, load
from rules.loader.spelling.days import shown_day

SOURCE = f"holidays {version('holidays')} (VN)"
_SWAP = re.compile(r"thay cho ngày (\d\d)/(\d\d)/(\d{4})")
_OBSERVED = " (nghỉ bù)"
_NAMES = {
    "Tết Dương lịch": "Tết Dương lịch",
    "Tết": "Tết Nguyên đán",  # its eve and its second to fifth day too; looked up after the line above
    "Giỗ Tổ": "Giỗ Tổ Hùng Vương",
    "Chiến thắng": "Ngày Chiến thắng 30/4",
    "Quốc tế Lao động": "Ngày Quốc tế Lao động 01/5",
    "Quốc khánh": "Quốc khánh",
    "Văn hóa": "Ngày Văn hoá Việt Nam 24/11",
}


def special_days(first_year: int, last_year: int, forecast_years: tuple[int, ...]) -> list[SpecialDay]:
    """What the package knows of these years, as rows of our table."""
    # The year after is asked for too: a Saturday worked in December is known only from the day off in January.
    known = holidays.country_holidays("VN", years=range(first_year, last_year + 2), language="vi")
    rows = {day.date: day for date, name in known.items() for day in _rows(date, name, forecast_years)}
    return [rows[date] for date in sorted(rows) if first_year <= date.year <= last_year]


def _rows(date: dt.date, name: str, forecast_years: tuple[int, ...]) -> Iterator[SpecialDay]:
    if swap := _SWAP.search(name):
        worked = dt.date(int(swap[3]), int(swap[2]), int(swap[1]))
        yield SpecialDay(date, "swap_off", f"Nghỉ hoán đổi, làm bù {shown_day(worked)}", SOURCE)
        yield SpecialDay(worked, "swap_work", f"Làm bù cho ngày nghỉ {shown_day(date)}", SOURCE)
    elif date.weekday() < 5:
        kind = "forecast_holiday" if date.year in forecast_years else "holiday"
        ours = next(label for part, label in _NAMES.items() if part in name)
        yield SpecialDay(date, kind, ours + (_OBSERVED if name.endswith(_OBSERVED) else ""), SOURCE)


def text(table: CalendarTable, head: str) -> str:
    """The whole file: the hand-written head, then the rows."""
    rows = "".join(
        f'  - {{date: {day.date}, kind: {day.kind}, name: "{day.name}", source: "{day.source}"}}\n'
        for day in special_days(table.first_year, table.last_year, table.forecast_years)
    )
    return re.sub(r"(?m)^made_from: .*$", f"made_from: {SOURCE}", head) + "days:\n" + rows


def main() -> None:
    """Write the file in place."""
    head, _, _ = FILE.read_text(encoding="utf-8").partition("days:\n")
    FILE.write_text(text(load(), head), encoding="utf-8")


if __name__ == "__main__":
    main()
