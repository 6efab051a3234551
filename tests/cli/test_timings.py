"""`dubi timings`: one answer in every form, and the people behind a number."""

from __future__ import annotations

import csv

from tests.calling import Dubi
from tests.conftest import DATA

SMALL = DATA / "rosters" / "chi-bo-nho.xlsx"
PERIOD = ("--from", "2023-01-01", "--to", "2024-12-31")


def test_forms(dubi: Dubi) -> None:
    """Screen, CSV and JSON say the same, under both names of the command."""
    found = dubi("timings", SMALL, *PERIOD, "--json").json
    assert found["as_of"] == "2024-12-31"
    assert dubi("thoi-gian", SMALL, *PERIOD, "--json").json == found
    rows = list(csv.reader(dubi("timings", SMALL, *PERIOD, "--csv").out.splitlines()))
    assert len(rows) == 1 + 9 * (1 + len(found["by_unit"])) + len(found["months"])
    assert [int(row[7]) for row in rows[1:10]] == [one["n"] for one in found["transitions"]]
    page = dubi("timings", SMALL, *PERIOD).out
    assert page.startswith("Kỳ 01/01/2023 – 31/12/2024\nTính đến ngày 31/12/2024")
    assert found["waiting"][0]["oldest"]["case"] in page


def test_who(dubi: Dubi) -> None:
    """A stretch, a holder and a month open to their people."""
    found = dubi("timings", SMALL, *PERIOD, "--json").json
    month = next(one for one in found["ahead"] if one["probations_ending"])
    numbers = {f"{one['from_step']}:{one['to_step']}": one["n"] for one in found["transitions"]}
    numbers |= {one["held_by"]: one["n"] for one in found["waiting"]}
    numbers[month["month"]] = month["probations_ending"] + month["cell_limits"] + month["decision_limits"]
    for name, number in numbers.items():
        listed = dubi("timings", SMALL, *PERIOD, "--who", name)
        assert (listed.code, f"{name}: {number}\n" in listed.out) == (0, True), name
        rows = list(csv.reader(dubi("timings", SMALL, *PERIOD, "--who", name, "--csv").out.splitlines()))
        assert len(rows) == 1 + number


def test_refusals(dubi: Dubi) -> None:
    """A number or a unit that nobody knows, a period that ends before it begins, and two forms at once."""
    for more, code, said in (
        (("--who", "cel"), 2, "Không có số liệu “cel”. Có phải “cell”?"),
        (("--who", "cel", "--json"), 2, "Không có số liệu “cel”."),
        (("--unit", "CB-99"), 2, "Không có đơn vị “CB-99”."),
        (("--to", "2022-12-31"), 3, "đứng trước ngày đầu kỳ"),
        (("--json", "--csv"), 2, "Chỉ chọn một trong hai"),
    ):
        ran = dubi("timings", SMALL, *PERIOD, *more)
        assert (ran.code, ran.out) == (code, ""), more
        assert said in ran.err
