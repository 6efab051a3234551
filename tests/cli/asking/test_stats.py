"""`dubi stats`: the expected figures on the shipped rosters, for the whole and for each unit, in every form."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Dubi
from tests.whole import some

EXPECTED = sorted((Path(__file__).parents[2] / "data" / "expected").glob("*.stats.json"))


def only(figures: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """The figures whose indicator was computed apart from the project."""
    return {name: figure for name, figure in figures.items() if name in names}


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.removesuffix(".stats.json"))
def test_figures_are_the_expected_ones(dubi: Dubi, data: Path, path: Path) -> None:
    """Every listed indicator has the expected value, numerator and denominator, in the whole and in every unit."""
    roster = path.name.partition(".")[0]
    expected = json.loads(path.read_text(encoding="utf-8"))
    ran = dubi(
        *("stats", data / "rosters" / f"{roster}.xlsx", "--from", expected["from"], "--to", expected["to"], "--json")
    )
    assert ran.code == 0, ran.err
    assert {line.partition(":")[0] for line in ran.err.splitlines()} <= {"Lưu ý"}  # what contradicts itself in the file
    got, names = ran.json, set(expected["values"])
    assert len(names) > 50
    for key in ("from", "to", "as_of", "unit"):
        assert got[key] == expected[key]
    assert only(got["values"], names) == expected["values"]
    units = {code: only(figures, names) for code, figures in got["units"].items()}
    assert {code: figures for code, figures in units.items() if figures or code in expected["units"]} == expected[
        "units"
    ]


def test_one_unit_has_the_figures_it_has_in_the_whole(dubi: Dubi, large: Path) -> None:
    """`--unit` gives what the whole file gives for that unit."""
    period = ("--from", "2020-07-01", "--to", "2024-10-31", "--json")
    whole, cell = dubi("stats", large, *period).json, dubi("stats", large, *period, "--unit", "CB-06").json
    assert cell["unit"] == "CB-06"
    assert only(cell["values"], set(whole["units"]["CB-06"])) == whole["units"]["CB-06"]


def test_who_stands_behind_a_number(dubi: Dubi, large: Path) -> None:
    """`--who` lists as many people as the number counts, on the screen, in JSON and in CSV."""
    asked = ("stats", large, "--from", "2020-07-01", "--to", "2024-10-31", "--who", "recognition.recognised_late")
    got = dubi(*asked, "--json").json
    people = got["who"]["recognition.recognised_late"]
    assert len(people) == got["values"]["recognition.recognised_late"]["value"] == 27
    screen = dubi(*asked).out
    assert all(person["case"] in screen and person["name"] in screen for person in people)
    rows = list(csv.DictReader(io.StringIO(dubi(*asked, "--csv").out.removeprefix("\ufeff"))))
    assert [row["Mã"] for row in rows] == [person["case"] for person in people]


def test_the_screen_writes_numbers_as_people_here_do(dubi: Dubi, large: Path) -> None:
    """A decimal comma, a dot between thousands, the fraction beside the percentage, the period and the day above."""
    ran = dubi("stats", large, "--from", "01/7/2020", "--to", "31/10/2024")
    assert ran.out.startswith("Kỳ 01/07/2020 – 31/10/2024\nTính đến ngày 31/10/2024 · tệp ")
    lines = {line.split()[-1]: line.split()[-3:-1] for line in ran.out.splitlines() if line.startswith("  ")}
    assert lines["admission.target_ratio"] == ["95,60", "239/250"]
    assert lines["admission.age.mean"] == ["29,45", "7.038/239"]
    assert lines["recognition.recognised"][-1] == "155"


def test_a_ratio_without_a_base_is_a_dash(dubi: Dubi, small: Path) -> None:
    """Where nobody was admitted and nothing was asked, the ratio is a dash and null, never 0."""
    asked = ("stats", small, "--from", "1990-01-01", "--to", "1990-12-31")
    figure = dubi(*asked, "--json").json["values"]["admission.target_ratio"]
    assert figure == {"value": None, "numerator": 0, "denominator": 0}
    (line,) = [line for line in dubi(*asked, "--all").out.splitlines() if line.endswith("admission.target_ratio")]
    assert line.split()[-3:-1] == ["–", "0/0"]


def test_csv_has_a_line_a_unit_and_indicator(dubi: Dubi, small: Path) -> None:
    """The whole first, then each unit, with period and day in every line."""
    ran = dubi("stats", small, "--from", "2024-01-01", "--to", "2024-12-31", "--csv")
    rows = list(csv.DictReader(io.StringIO(ran.out.removeprefix("\ufeff"))))
    assert {(row["Từ ngày"], row["Đến ngày"], row["Tính đến ngày"]) for row in rows} == {
        ("01/01/2024", "31/12/2024", "31/12/2024")
    }
    values = {(row["Đơn vị"], row["Mã chỉ tiêu"]): row["Số liệu"] for row in rows}
    got = dubi("stats", small, "--from", "2024-01-01", "--to", "2024-12-31", "--json").json
    assert values["", "admission.total"] == str(got["values"]["admission.total"]["value"])
    assert {unit for unit, _ in values} == {"", *got["units"]}


def test_as_of_is_the_last_day_unless_said(dubi: Dubi, small: Path) -> None:
    """`--as-of` moves the day on which members are counted, not the period."""
    later = dubi("stats", small, "--from", "2024-01-01", "--to", "2024-12-31", "--as-of", "1/3/2025", "--json").json
    assert (later["to"], later["as_of"]) == ("2024-12-31", "2025-03-01")


@pytest.mark.parametrize(
    ("more", "code", "sentence"),
    [
        (["--from", "2024-12-31", "--to", "2024-01-01"], 3, "Ngày cuối kỳ 01/01/2024 đứng trước ngày đầu kỳ"),
        (["--from", "31/2/2024", "--to", "31/12/2024"], 3, "--from: Ngày “31/2/2024” không có trong lịch."),
        (
            ["--from", "2024-01-01", "--to", "2024-12-31", "--who", "admission.totall"],
            2,
            "Không có chỉ tiêu “admission.totall”. Có phải",
        ),
        (["--from", "2024-01-01", "--to", "2024-12-31", "--unit", "CB-99"], 2, "Không có đơn vị “CB-99”."),
    ],
    ids=["period turned round", "no such day", "no such indicator", "no such unit"],
)
def test_what_cannot_be_counted_is_refused(dubi: Dubi, small: Path, more: list[str], code: int, sentence: str) -> None:
    """A period or a name that is none: a sentence, its exit code, and nothing on stdout."""
    ran = dubi("stats", small, *more)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(f"Lỗi: {sentence}")


def test_only_some_groups(dubi: Dubi, large: Path) -> None:
    """`--only` prints the indicators of the groups named, with the same figures; no such group is a wrong name."""
    period = ("--from", "2020-07-01", "--to", "2024-10-31", "--json")
    whole = dubi("stats", large, *period).json["values"]
    part = dubi("stats", large, *period, "--only", "recognition", "--only", "member.total").json["values"]
    assert set(part) == {name for name in whole if name.startswith("recognition.") or name == "member.total"}
    assert part == {name: whole[name] for name in part}
    assert dubi("stats", large, *period, "--only", "recog").code == 2


def test_both_ways_of_counting(dubi: Dubi, large: Path) -> None:
    """Counted record by record or in columns: the same figures, of a workbook and of a store, the same people too."""
    period = ("--from", "01/01/2024", "--to", "31/10/2024")
    assert dubi("init").code == 0
    assert dubi("import", large, "--apply").code == 0
    questions = (
        ("stats", *period, "--unit", "CB-07", "--who", "admission.total"),
        ("report", "F9", *period, "--json"),
        ("report", "F8A", *period),
        ("stats", *period, "--json"),
    )
    for asked in some(questions):
        of_store = {dubi(*asked, "--evaluator", way).out for way in ("live", "sweep")}
        assert len(of_store) == 1
        assert of_store != {""}
    for of in (("stats", large, *period, "--json"), ("report", "F10", large, *period, "--csv")):
        of_file = {dubi(*of, "--evaluator", way).out for way in ("live", "sweep")}
        assert len(of_file) == 1
        assert of_file != {""}
