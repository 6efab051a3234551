"""What the values of one row say about each other: dates out of order, an id that names another year or sex.

Both values are stored; which one is wrong only a person knows.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from cases.rosters.rows import numbers
from rules.loader import law
from rules.loader.spelling.days import shown_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.rosters.rows.draft import Draft

PROBATION = "probation.length"
LEAST_AGE, MOST_AGE = "admission.age_minimum", "admission.age_maximum"

_NOT_BEFORE = (
    # the later, the earlier, and what is wrong when they are the other way round
    ("admitted_on", "admission_decided_on", "Ngày kết nạp trước ngày quyết định kết nạp ({earlier})"),
    ("recognised_from", "admitted_on", "Ngày chính thức trước ngày kết nạp ({earlier})"),
    ("card_date", "recognised_from", "Ngày cấp thẻ trước ngày chính thức ({earlier})"),
    ("left_on", "admitted_on", "Ngày ra khỏi Đảng trước ngày kết nạp ({earlier})"),
    ("admission_decided_on", "cell_proposed_admission_on", "Ngày quyết định trước ngày chi bộ xét ({earlier})"),
    ("admission_decision_received_on", "admission_decided_on", "Ngày nhận trước ngày quyết định ({earlier})"),
    ("recognition_decided_on", "cell_proposed_recognition_on", "Ngày quyết định trước ngày chi bộ xét ({earlier})"),
)


def cross_check(draft: Draft) -> None:
    """Warn of values that contradict each other."""
    days = {name: value for name, value in draft.fields.items() if isinstance(value, date)}
    doubted: set[str] = set()

    def doubt(name: str, what: str) -> None:
        if name not in doubted:
            doubted.add(name)
            draft.warn("dates_out_of_order", name, what=what)

    _check_birth(draft, days, doubt)
    for later, earlier, what in _NOT_BEFORE:
        if later in days and earlier in days and days[later] < days[earlier]:
            doubt(later, what.format(earlier=shown_day(days[earlier])))
    _check_probation(draft, days, doubt)
    _check_age(draft, days)
    _check_future(draft, days)
    _check_id(draft, days)


def _check_birth(draft: Draft, days: dict[str, date], doubt: Callable[[str, str], None]) -> None:
    born_on, year = days.get("born_on"), draft.fields.get("birth_year")
    for name, day in days.items():
        if name == "born_on":
            continue
        if born_on is not None and day < born_on:
            doubt(name, f"Ngày này trước ngày sinh ({shown_day(born_on)})")
        elif born_on is None and isinstance(year, int) and day.year < year:
            doubt(name, f"Ngày này trước năm sinh ({year})")


def _check_probation(draft: Draft, days: dict[str, date], doubt: Callable[[str, str], None]) -> None:
    """The twelve months: the official day is the day they are up, the steps of recognition come after it."""
    admitted_on = days.get("admitted_on")
    if admitted_on is None:
        return
    ends_on = _probation_ends(admitted_on)
    official = days.get("recognised_from")
    if official is not None and official != ends_on:
        doubt("recognised_from", f"Ngày chính thức khác ngày kết nạp cộng 12 tháng ({shown_day(ends_on)})")
    for name in ("cell_proposed_recognition_on", "recognition_decided_on"):
        if name in days and days[name] <= ends_on:
            doubt(name, f"Bước công nhận chính thức trước khi hết 12 tháng dự bị ({shown_day(ends_on)})")
    due = days.get("due_typed")
    if due is not None and due != ends_on:
        draft.warn("due_differs", "due_typed", on=shown_day(ends_on))


def _check_age(draft: Draft, days: dict[str, date]) -> None:
    admitted_on, born_on = days.get("admitted_on"), days.get("born_on")
    if admitted_on is None or born_on is None or born_on > admitted_on:
        return
    age = admitted_on.year - born_on.year - ((admitted_on.month, admitted_on.day) < (born_on.month, born_on.day))
    if not _in_force(LEAST_AGE, admitted_on) <= age <= _in_force(MOST_AGE, admitted_on):
        draft.warn("age_at_admission", "admitted_on", age=age)


def _check_future(draft: Draft, days: dict[str, date]) -> None:
    as_of = draft.context.answers.as_of
    if as_of is None:
        return
    for name, day in days.items():
        if day > as_of and name != "due_typed":
            draft.warn("date_in_future", name, as_of=shown_day(as_of))


def _check_id(draft: Draft, days: dict[str, date]) -> None:
    """A personal id carries the birth year and the sex of its owner."""
    number = draft.fields.get("personal_id")
    if not isinstance(number, str) or len(number) != numbers.PERSONAL_ID_DIGITS:
        return
    year = days["born_on"].year if "born_on" in days else draft.fields.get("birth_year")
    own_year, sex = numbers.birth_year_of(number), draft.fields.get("sex")
    wrong = []
    if own_year is not None and year is not None and year != own_year:
        wrong.append("Năm sinh")
    if sex is not None and sex != numbers.sex_of(number):
        wrong.append("Giới tính")
    if wrong:
        draft.warn("id_mismatch", "personal_id", what=" và ".join(wrong))


@lru_cache(maxsize=65_536)
def _probation_ends(admitted_on: date) -> date:
    return admitted_on + relativedelta(months=_in_force(PROBATION, admitted_on))


@lru_cache(maxsize=65_536)
def _in_force(parameter: str, day: date) -> int:
    """A number of the law as it stood on a day."""
    value = law.load().parameters[parameter].at(day).value
    assert isinstance(value, int)
    return value
