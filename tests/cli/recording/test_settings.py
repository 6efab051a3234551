"""Readings that the forms leave open, chosen on the command line: `--setting` of stats, report and reconcile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Dubi

PERIOD = ("--from", "2020-07-01", "--to", "2024-10-31")


def test_stats_says_the_readings_in_force_and_how_to_choose(dubi: Dubi, small: Path) -> None:
    """Those that what is shown depends on, each as it is typed; a chosen one changes the figure and the line."""
    ask = ("stats", small, *PERIOD, "--only", "admission.age")
    default, chosen = dubi(*ask).out, dubi(*ask, "--setting", "age_on=calendar_year").out
    assert "  age_on=admission_day  Ngày tính tuổi: ngày kết nạp" in default
    assert "  age_on=calendar_year  Ngày tính tuổi: năm kết nạp trừ năm sinh" in chosen
    assert "late_reading" not in default
    both = dubi(*ask, "--setting", "age_on=calendar_year", "--setting", "mean_age=exact_days", "--json").json
    assert (both["settings"]["age_on"], both["settings"]["mean_age"]) == ("calendar_year", "exact_days")
    mean = both["values"]["admission.age.mean"]
    assert mean["value"] == both["values"]["admission.age.mean.exact_days"]["value"]
    assert round(mean["numerator"] / mean["denominator"], 2) == mean["value"]


@pytest.mark.parametrize("command", [("stats",), ("report", "F2")])
@pytest.mark.parametrize(
    ("setting", "code", "said"),
    [
        ("age=x", 2, ("Có phải “age_on”?", "Các cách tính: admission_date,", "target_scale")),
        ("age_on=birthday", 2, ("Chọn một trong: admission_day (ngày kết nạp); as_of_day", "calendar_year")),
        ("age_on", 3, ("TÊN=CÁCH",)),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_what_can(
    dubi: Dubi, small: Path, command: tuple[str, ...], setting: str, code: int, said: tuple[str, ...]
) -> None:
    """An unknown reading, an unknown choice, and half a setting, before anything is counted."""
    run = dubi(*command, small, *PERIOD, "--setting", setting)
    assert run.code == code
    assert [words for words in said if words not in run.err] == []


def test_a_receipt_remembers_the_readings(dubi: Dubi, book: Path) -> None:
    """A report with a chosen reading is given again with the same one."""
    assert book.exists()
    ask = ("stats", *PERIOD, "--setting", "admission_date=decision", "--receipt", "b.json")
    assert dubi(*ask).code == 0
    assert dubi("report", "verify", "b.json").code == 0
