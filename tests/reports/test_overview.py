"""The overview: its pictures count what the forms and the findings count, and are drawn the same each time."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from desk.answers.checking import check
from desk.counting import ledgers as desk_reports
from desk.question import Question
from engine.statistics.counting import Run
from reports.forms.occasion import Occasion
from reports.lists import charts, overview_paper
from reports.lists.overview import Overview, Picture, Series, overview
from tests.reports.filled import PERIODS, filled, roster, value


@cache
def seen(name: str, unit: str | None = None) -> Overview:
    """The overview of a shipped roster."""
    start, end = PERIODS[name]
    known = roster(name)
    ledger = desk_reports.ledger(known, Run(start, end, end), unit)
    return overview(Occasion(ledger, known.units, unit, people=False), check(known, Question(end, unit=unit)).findings)


def total(series: Series) -> int:
    """All that a series shows."""
    return sum(series.values)


def test_the_pictures_add_up_to_the_forms() -> None:
    """Months give the admissions and recognitions of the period; ages and occupations give the admissions."""
    months, _, progress, ages, occupations = seen("dang-bo-co-so").pictures
    admitted, recognised = value(filled("dang-bo-co-so", "F2"), "F2.1"), value(filled("dang-bo-co-so", "F1"), "F1.40")
    assert [total(series) for series in months.series] == [admitted, recognised]
    assert [total(picture.series[0]) for picture in (progress, ages, occupations)] == [admitted] * 3
    assert (months.labels[0], months.labels[-1], len(months.labels)) == ("Q3/2020", "Q4/2024", 18)
    assert sum(aim or 0 for aim in progress.aims) == 250


def test_a_short_period_is_drawn_by_months() -> None:
    """Half a year has six months, those without anybody among them."""
    months = seen("son-la-6t-2024").pictures[0]
    assert months.labels == ("1/2024", "2/2024", "3/2024", "4/2024", "5/2024", "6/2024")
    assert total(months.series[0]) == 1076


def test_overdue_is_what_check_says_by_unit_and_holder() -> None:
    """Every overdue finding is in one bar and one part of it."""
    found = [
        f
        for f in check(roster("dang-bo-co-so"), Question(PERIODS["dang-bo-co-so"][1])).findings
        if f.severity == "overdue"
    ]
    picture = seen("dang-bo-co-so").pictures[1]
    assert sum(total(series) for series in picture.series) == len(found) > 20
    by_holder = {series.name: total(series) for series in picture.series}
    assert by_holder["Chi bộ"] == sum(finding.held_by == "cell" for finding in found)


def test_many_units_are_joined() -> None:
    """No more bars than can be read; what is left out is said."""
    overdue = seen("son-la-6t-2024").pictures[1]
    assert len(overdue.labels) <= 21
    assert seen("son-la-6t-2024").pictures[2].note is None


@pytest.mark.parametrize("name", PERIODS)
def test_drawn_the_same_each_time(name: str, tmp_path: Path) -> None:
    """The page and the PDF of an overview are the same bytes each time, in the face of the forms."""
    one, two = (overview_paper.page(seen(name)) for _ in range(2))
    assert one == two
    assert "<svg" in one
    assert set(re.findall(r'<svg [^>]*font-family="(.*?)"', one)) == {charts.FONTS}
    overview_paper.write_pdf(seen(name), tmp_path / "a.pdf")
    overview_paper.write_pdf(seen(name), tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_series_are_told_apart_without_colour() -> None:
    """Every fill is grey, and no two that stand together have the same hatching."""
    for colour, _ in charts.FILLS:
        red, green, blue = colour[1:3], colour[3:5], colour[5:7]
        assert red == green == blue
    assert len({hatch for _, hatch in charts.FILLS}) == len(charts.FILLS)


def test_bars_are_as_long_as_their_numbers() -> None:
    """Lying or standing, side by side or stacked, each bar by its number; no two pictures share a hatching's name."""
    series = (Series("a", (10, 40)), Series("b", (20, 0)), Series("c", (30, 5)))
    drawings = []
    for across in (False, True):
        for stacked in (False, True):
            drawn = charts.svg([Picture(f"{across} {stacked}", ("x", "y"), series, stacked=stacked, across=across)])
            sizes = re.findall(r'<rect [^>]*width="([^"]*)" height="([^"]*)" fill="#', drawn)[len(series) :]
            lengths = [float(size[0] if across else size[1]) for size in sizes]
            wanted = [10, 20, 30, 40, 5]  # nothing is drawn for nought
            assert [round(length / lengths[0], 2) for length in lengths] == [round(one / 10, 2) for one in wanted]
            drawings.append(drawn)
    page = "".join(drawings)
    names = re.findall(r'<pattern id="(.*?)"', page)
    assert len(set(names)) == len(names) == 2 * len(drawings)
    assert set(re.findall(r"url\(#(.*?)\)", page)) == set(names)


def test_nothing_to_draw_is_said() -> None:
    """A picture without numbers is a sentence, not an empty frame."""
    nothing = Overview("T", "S", (), (Picture("Hình", ("a",), (Series("x", (0,)),)),), "N")
    assert "Hình: không có số liệu." in overview_paper.page(nothing)
    assert "không có số liệu" in overview_paper.source(nothing)


def test_names_in_pictures_are_text() -> None:
    """A unit whose name looks like a tag or a formula is drawn as it is."""
    odd = Picture("<b>$x$</b>", ("<i>$y^2$ & #a</i>", "b"), (Series("<s>", (1, 2)), Series('"z"', (0, 3))), across=True)
    page = overview_paper.page(Overview("<h>", "&", (("<l>", "1"),), (odd,), "n"))
    assert "<b>$x$" not in page
    assert "&lt;i&gt;$y^2$ &amp; #a&lt;/i&gt;" in page
