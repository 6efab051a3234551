"""What people see: tables that fit, one person once and the worst first, their own language in and out."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

import pytest
import typer

from cli.completing import NAME, VARIABLE
from cli.families import whole
from cli.screen import table as tables
from cli.screen.arguments import SEVERITIES
from cli.screen.language import WORDS
from cli.screen.table import ScreenColumn, table, width
from desk.counting.statistics import known_indicator, words_of_indicators
from desk.words.labels import label, slug
from tests.calling import Dubi
from tests.conftest import DATA

ROSTER = DATA / "rosters" / "dang-bo-co-so.xlsx"
SMALL = DATA / "rosters" / "chi-bo-nho.xlsx"
YEAR = ("--from", "2024-01-01", "--to", "2024-12-31")
COLUMNS = (
    ScreenColumn("Mã"),
    ScreenColumn("Họ và tên", wraps=True),
    ScreenColumn("Số ngày còn lại", right=True),
    ScreenColumn("Việc", wraps=True),
)
ROWS = [("HS-0184", "Thạch Thị Thanh Nhung", "1772", "Cấp có thẩm quyền chậm quyết định công nhận chính thức")] * 2


def test_tables_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """At every width no line is longer and no word lost; names stay whole while other text can give way."""
    whole = " ".join(ROWS[0]).split()
    for room in range(24, 140):
        monkeypatch.setattr(tables, "room", lambda room=room: room)
        lines = table(COLUMNS, ROWS, indent="  ")
        assert max(map(width, lines)) <= room
        text = " ".join(lines)
        assert all(text.count(word) >= len(ROWS) for word in whole), room
        if room >= 80:
            assert "Thạch Thị Thanh Nhung" in text
    monkeypatch.setattr(tables, "room", lambda: None)
    assert len(table(COLUMNS, ROWS)) == 1 + len(ROWS)


def test_one_person_once_and_the_worst_first(dubi: Dubi) -> None:
    """Each code stands once in the lists of `check`; days overdue fall; the numbers are those of the findings."""
    out = dubi("check", ROSTER, "--as-of", "2025-07-15", "--all").out.partition("Cần bổ sung")[0]
    found = dubi("check", ROSTER, "--as-of", "2025-07-15", "--json").json["findings"]
    listed = [line.split()[0] for line in out.splitlines() if line.startswith("  HS-")]
    assert sorted(listed) == sorted({one["case"] for one in found})
    late = {one["case"]: one["days_late"] for one in found if one["severity"] == "overdue"}
    first = listed[: len(late)]
    assert set(first) == late.keys()
    assert [late[case] for case in first] == sorted(late.values(), reverse=True)
    assert f"Quá hạn: {sum(one['severity'] == 'overdue' for one in found)}\n" in out


def test_stats_without_zeroes(dubi: Dubi) -> None:
    """What is zero or unknown is not shown and its number said; `--all` shows every indicator."""
    values = dubi("stats", SMALL, *YEAR, "--json").json["values"]
    short, full = dubi("stats", SMALL, *YEAR).out, dubi("stats", SMALL, *YEAR, "--all").out
    nothing = [name for name, figure in values.items() if not figure["value"]]
    assert f"Không in {len(nothing)} chỉ tiêu" in short
    for name in values:
        line = f" {name}\n"
        assert line in full
        assert (line in short) == (name not in nothing), name


def test_those_who_have_the_maximum(dubi: Dubi) -> None:
    """Behind the age of the oldest stand the oldest alone."""
    for file in (SMALL, ROSTER):
        found = dubi("stats", file, *YEAR, "--who", "member.age.max", "--json").json
        everybody = dubi("stats", file, *YEAR, "--who", "member.total", "--json").json["who"]["member.total"]
        oldest = found["who"]["member.age.max"]
        assert 0 < len(oldest) < len(everybody)
        assert found["values"]["member.age.max"]["value"] > 0


def test_values_in_vietnamese(dubi: Dubi) -> None:
    """Severities, groups, indicators, steps and holders are taken in Vietnamese; both ways give one answer."""
    for severity in SEVERITIES:
        assert slug(label("severity", severity)) == WORDS[severity]
    day = ("--as-of", "2025-03-01")
    for ours, theirs in (
        (("check", SMALL, *day, "--only", "overdue"), ("kiem-tra", SMALL, *day, "--only", "qua-han")),
        (("check", SMALL, *day, "--fail-on", "overdue"), ("kiem-tra", SMALL, *day, "--fail-on", "qua-han")),
        (("stats", SMALL, *YEAR, "--only", "admission"), ("thong-ke", SMALL, *YEAR, "--only", "ket-nap")),
        (
            ("timings", SMALL, *YEAR, "--who", "probation_ends_on:cell_proposed_recognition_on"),
            ("thoi-gian", SMALL, *YEAR, "--who", "het-12-thang-du-bi:chi-bo-xet-chinh-thuc"),
        ),
        (("timings", SMALL, *YEAR, "--who", "cell"), ("thoi-gian", SMALL, *YEAR, "--who", "chi-bo")),
    ):
        one, other = dubi(*ours, "--csv"), dubi(*theirs, "--csv")
        assert (one.code, one.out) == (other.code, other.out)
        assert one.out
    for name, words in words_of_indicators().items():
        assert known_indicator(words) == name
        assert words != name


def test_every_choice_has_its_vietnamese_word() -> None:
    """No option takes an English word alone, but for the names of products."""
    waiting: list[Any] = [typer.main.get_command(whole())]
    names, seen = {"polars", "duckdb", "spark", "bash", "zsh", "fish", "powershell"}, set[str]()
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        for param in command.params:
            kind = getattr(getattr(param, "_runtime_param", None), "annotation", None)
            kind = get_args(kind)[0] if get_origin(kind) is list else kind
            seen |= set(get_args(kind)) if get_origin(kind) is Literal else set()
    assert {"overdue", "live"} <= seen
    assert seen - names <= WORDS.keys()


def test_hints_name_commands_as_they_were_typed(dubi: Dubi) -> None:
    """A hint after a Vietnamese name is in Vietnamese, after an English one in English."""
    assert "dubi units" in dubi("check", SMALL, "--unit", "XXXXX").err
    assert "dubi don-vi" in dubi("kiem-tra", SMALL, "--unit", "XXXXX").err
    assert "dubi units" in dubi("check", SMALL, "--unit", "XXXXX").err
    assert "vuong" in dubi("kiem-tra", SMALL, "--only", "xxx").err
    assert "blocked" in dubi("check", SMALL, "--only", "xxx").err


def test_shell_completion(dubi: Dubi, monkeypatch: pytest.MonkeyPatch) -> None:
    """The script names us; what could come next are commands by both their names, and options."""
    for shell in ("bash", "zsh", "fish", "powershell"):
        assert VARIABLE in dubi("completion", shell).out
    for words, wanted in (
        ("tim", {"timings", "tim"}),
        ("kiem", {"kiem-tra", "kiem-chung"}),
        ("check --fail", {"--fail-on"}),
    ):
        asked = {"COMP_WORDS": f"{NAME} {words}", "COMP_CWORD": str(len(words.split()))}
        answer = dubi(**asked, **{VARIABLE: "complete_bash"})
        assert answer.code == 0
        assert set(answer.out.split()) & wanted == wanted & set(answer.out.split()) != set()
