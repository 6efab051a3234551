"""The calendar table is read strictly: one broken file per way to be wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from rules.loader.calendar import load
from rules.loader.errors import LawFileError

GOOD = """\
made_from: thử
first_year: 2020
last_year: 2021
forecast_years: [2021]
overrides:
  - {date: 2020-05-04, kind: forecast_holiday, name: "dự tính", source: "thử"}
days:
  - {date: 2020-05-01, kind: holiday, name: "lễ", source: "thử"}
  - {date: 2020-05-04, kind: holiday, name: "nghỉ bù", source: "thử"}
"""


def test_overrides_win(tmp_path: Path) -> None:
    """A day written by hand replaces the same day of the package; the others stay, in order."""
    file = tmp_path / "calendar.yaml"
    file.write_text(GOOD, encoding="utf-8")
    assert [(day.date, day.kind) for day in load(file).days] == [
        (dt.date(2020, 5, 1), "holiday"),
        (dt.date(2020, 5, 4), "forecast_holiday"),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "problem"),
    [
        ("last_year: 2021", "last_year: 2019", 3, "Năm cuối"),
        ("[2021]", "[2022]", 4, "Năm 2022 nằm ngoài bảng"),
        ("[2021]", "[nay]", 4, "không phải là số nguyên"),
        ("made_from: thử\n", "", 1, "Thiếu khoá “made_from”"),
        ("made_from", "made_form", 1, "Khoá “made_form”"),
        ("days:\n", "days: []\nfirst_year: 2020\nmore:\n", 8, "ghi hai lần"),
        ("2020-05-01, kind: holiday", "2020-05-01, kind: holyday", 8, "“holyday” không dùng được"),
        ("2020-05-01", "2020-05-02", 8, "là cuối tuần"),
        ("2020-05-01, kind: holiday", "2020-05-01, kind: swap_work", 8, "không phải cuối tuần"),
        ("2020-05-01", "2020-02-30", 8, "không phải là một ngày"),
        ("2020-05-01", "2019-05-01", 8, "nằm ngoài bảng"),
        ("2020-05-01", "2020-05-04", 9, "ghi hai lần"),
        ('name: "lễ", ', "", 8, "Thiếu khoá “name”"),
        ('"lễ", source: "thử"', '"lễ", source: ""', 8, "phải là một dòng chữ"),
    ],
)
def test_broken_file(tmp_path: Path, right: str, wrong: str, line: int, problem: str) -> None:
    """Each mistake is refused with its line and what is wrong."""
    file = tmp_path / "calendar.yaml"
    file.write_text(GOOD.replace(right, wrong), encoding="utf-8")
    with pytest.raises(LawFileError, match=problem) as refusal:
        load(file)
    assert (refusal.value.file, refusal.value.line) == (str(file), line)
