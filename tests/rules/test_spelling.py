"""Days, near words and the order of names: one reading, one bound, one writing, one order, at every door."""

from __future__ import annotations

import ast
import random
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pytest

from cases.judging import reasons
from cases.rosters.outcome import messages
from cases.workbook import cells
from cli.screen import arguments
from engine.supposing import read_change
from rules.loader import vocabulary
from rules.loader.errors import BadInput, LawFileError
from rules.loader.spelling import days
from rules.loader.spelling.name_order import name_key
from rules.loader.spelling.near import did_you_mean, nearest
from rules.loader.yaml_nodes import Node

ROOT = Path(__file__).parent.parent.parent

FORTY = (
    """
Phạm A; Bùi Thị Ái; Cao An; Đỗ An; Nguyễn Thị An; Nguyễn Văn An; Trần An; Lê Văn Án; Nguyễn Thị Anh; Trần Anh;
Nguyễn Thị Ánh; Hà Ăn; Lê Ân; Trần Văn Ân; Lê Văn Ấn; Lê Thị Bình; Lý Bình; Đặng Văn Cường; Phạm Thị Dung;
Vũ Dũng; Phạm Văn Đức; Trần Thị Em; Lê Văn Én; Hồ Êm; Trần Giang; Hoàng Thị Hoa; Trần Hoa; An Thị Hòa; Hoàng Thị Hoà;
Lê Hương; Nguyễn Mai Hương; Nguyễn Thị Hương; Lê Khánh; Võ Thị Oanh; Đào Văn Ổn; Trần Văn Ơn; Đỗ Tú; Lê Văn Ước;
Đinh Thị Vân; Đỗ Thị Yến
""".replace("\n", " ")
    .strip()
    .split("; ")
)


def test_forty_names() -> None:
    """Given name, family name, what stands between; ă after a, đ after d; tones after letters."""
    names = [name.strip() for name in FORTY]
    assert len(set(names)) == 40
    for seed in range(20):
        mixed = random.Random(seed).sample(names, len(names))  # noqa: S311  # no secret
        assert sorted(mixed, key=name_key) == names
    for name in names:
        assert name_key(unicodedata.normalize("NFD", name.upper())) == name_key(f" {name}  ")
    assert name_key("Lê Hòa") == name_key("Lê Hoà")
    assert name_key("") < name_key("An")


REFUSED = (
    "31/02/2024",
    "2024-02-30",
    "2024-13-01",
    "hôm qua",
    "01/01/24",
    "31/12/1899",
    "2101-01-01",
    "2024",
    "10/2024",
)
"""Texts that are no day at any door."""


@pytest.mark.parametrize("text", REFUSED)
def test_every_door_refuses_the_same(text: str) -> None:
    """An argument, a supposition, a cell of a workbook and a file of rules take no day that another refuses."""
    with pytest.raises(days.NotADay):
        days.typed_day(text)
    with pytest.raises(BadInput, match=r"ngày|lịch|năm"):
        arguments.day(text)
    with pytest.raises(BadInput, match=r"ngày|lịch|năm"):
        read_change(vocabulary.load(), f"admitted_on={text}")
    with pytest.raises(cells.CellError):
        cells.parse_date(text)
    with pytest.raises(LawFileError):
        Node(Path("x.yaml"), 1, text).date()
    assert days.whole_day(text) is None


@pytest.mark.parametrize("day", [days.FIRST_DAY, date(2024, 2, 29), days.LAST_DAY])
def test_every_door_takes_the_same(day: date) -> None:
    """Both ends of the bounds are days, and what is written here is read again as the same day."""
    for text in (days.shown_day(day), day.isoformat(), f"{day.day}.{day.month}.{day.year}", f"{day.day}-{day:%m-%Y}"):
        assert days.typed_day(text) == arguments.day(text) == cells.parse_date(text) == day
        assert read_change(vocabulary.load(), f"admitted_on={text}") == ("admitted_on", day)
    assert Node(Path("x.yaml"), 1, day.isoformat()).date() == days.stored_day(day.isoformat()) == day
    assert days.stored_day(None) is None


def test_months() -> None:
    """A month is typed either way round, within the bounds of days."""
    assert days.typed_month("11/2026") == days.typed_month("2026-11") == (2026, 11)
    for text in ("13/2026", "11/1899", "2026", "01/11/2026", "nay"):
        with pytest.raises(days.NotADay, match="tháng"):
            days.typed_month(text)


def test_a_moment_is_written_to_the_minute() -> None:
    """Day, month, year, then the clock."""
    assert days.shown_moment(datetime(2024, 2, 9, 7, 5)) == "09/02/2024 07:05"


def test_the_words_of_a_bad_date_stand_once() -> None:
    """The workbook's catalogue says what the days say; a list says more only where it leaves the cell empty."""
    for code, (reason, hint) in days.REASONS.items():
        assert reasons.CATALOGUE[code] == (reason, hint)
        said = messages.CATALOGUE[code]
        if code not in ("year_only", "month_only", "date_as_number", "year_out_of_range"):
            assert said == (reason, hint), code
        else:
            assert said != (reason, hint), code


def test_days_are_read_and_written_in_one_place() -> None:
    """No other module writes dd/mm/yyyy, parses a text as a day, or has bounds of its own."""
    own = ROOT / "rules/loader/spelling/days.py"
    found = []
    for package in ("cases", "cli", "desk", "engine", "reports", "rules"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path == own or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Constant | ast.Attribute):
                    continue
                words = node.value if isinstance(node, ast.Constant) else None
                if isinstance(words, str) and words.startswith("%d/%m/%Y"):
                    found.append(f"{path.name}:{node.lineno} writes a day")
                if words in (1900, 2100) and isinstance(words, int):
                    found.append(f"{path.name}:{node.lineno} has a bound")
                parser = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
                if parser.removeprefix("dt.") in ("date.fromisoformat", "datetime.strptime"):
                    found.append(f"{path.name}:{node.lineno} parses a day")
    # A personal number holds the century of birth as a digit: 1900 is where its count begins, no bound of days.
    assert [one for one in found if not one.startswith("numbers.py:")] == []


def test_what_was_probably_meant() -> None:
    """Nearness knows neither case nor diacritics; the question shows the known spelling, or the words given for it."""
    known = {"Chi bộ Thôn Đông": "CB-01", "Chi bộ Thôn Đoài": "CB-02"}
    assert did_you_mean("chi bo thon dong", known) == "Có phải “Chi bộ Thôn Đông”?"
    assert did_you_mean("CHI BO THON DOAII", known, shown=known) == "Có phải “CB-02”?"
    assert did_you_mean("xyz", known, "Xem danh sách.") == "Xem danh sách."
    assert (did_you_mean("xyz", known), did_you_mean("", [])) == ("", "")
    assert nearest("cb-1", ["CB-01", "HS-10"]) == "CB-01"


def test_near_words_are_looked_for_in_one_place() -> None:
    """No other module has a measure of likeness of its own."""
    for package in ("cases", "cli", "desk", "engine", "reports", "rules"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if path != ROOT / "rules/loader/spelling/near.py":
                assert "difflib" not in path.read_text(encoding="utf-8"), path
