"""What is sensitive is hidden by every command that would show it until somebody asks for it and says why.

Two people bear a value of every sensitive fact that stands nowhere else; the doors are walked with both.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from cases.store.reading import read_store
from cases.values.masking import sensitive
from cases.workbook.read import read_workbook
from desk.personal.readings import readings
from rules.loader import vocabulary
from tests.cli.conftest import Dubi
from tests.given.sensitive import WORDS, fill, told

DAY = ("--as-of", "2026-03-01")
WHY = "thử, họp chi bộ"

SHOWING = (
    ("show", "HS-1", *DAY),
    ("show", "HS-2", *DAY),
    ("show", "HS-1", "--known-on", "2099-01-01", *DAY),
    ("show", "HS-1", "--file", "so.xlsx", *DAY),
    ("explain", "HS-1", "--all", *DAY),
    ("explain", "HS-1", "--file", "so.xlsx", "--all", *DAY),
    ("log", "--case", "HS-1"),
    ("log", "--case", "HS-2"),
    ("log", "show", "2"),
    ("log", "show", "3"),
    ("correct", "HS-1", "Dân tộc=Kinh", "--preview"),
    ("record", "HS-1", "ky-luat", "--on", "2021-02-21", "--result", "Cách chức", "--preview"),
    ("case", "join", "HS-1", "HS-3", "--preview"),
    ("import", "khac.xlsx"),
    ("merge", "so.xlsx", "khac.xlsx"),
)
"""Commands that show something of it when asked."""
SILENT = (
    ("check", *DAY),
    ("check", "so.xlsx", *DAY),
    ("list", *DAY),
    ("due", *DAY),
    ("units", *DAY),
    ("find", "nguoi", *DAY),
    ("plan", "HS-1", *DAY),
    ("plan", "HS-2", *DAY),
    ("what-if", "HS-1", "--set", "admitted_on=2026-02-01", *DAY),
    ("ahead", *DAY),
    ("news", *DAY),
    ("timings", "--from", "2020-01-01", "--to", "2026-01-01"),
    ("stats", "--from", "2020-01-01", "--to", "2026-01-01", "--who", "candidate.listed"),
    ("log",),
    ("log", "verify"),
    ("doctor",),
    ("move", "HS-1", "--to", "B", "--on", "2026-02-01", "--preview"),
    ("case", "remove", "HS-1", "--preview"),
    ("case", "recode", "HS-1", "HS-9", "--preview"),
    ("person", "erase", "HS-1", "--preview"),
)
"""Commands that never do."""


@pytest.fixture
def peopled(dubi: Dubi, store: Path, tmp_path: Path) -> Path:
    """A store with the two people."""
    fill(f"sqlite:///{store}", tmp_path)
    return store


def test_every_sensitive_fact_is_walked() -> None:
    """What is marked in the vocabulary and recorded has a value here that is known anywhere."""
    facts = vocabulary.load().facts
    assert {name for name in sensitive() if facts[name].kind != "computed"} == WORDS.keys()


@pytest.mark.parametrize("as_json", [False, True], ids=["screen", "json"])
def test_nothing_is_shown_unasked(dubi: Dubi, peopled: Path, *, as_json: bool) -> None:
    """No command tells a value on either stream; none of them leaves an entry in the reading log."""
    shown = {}
    for command in (*SHOWING, *SILENT):
        ran = dubi(*command, *(("--json",) if as_json and command[:2] != ("log", "verify") else ()))
        text = ran.out + ran.err
        if command[0] == "import" and as_json:  # what the rows of a file say is told to whoever brings it
            text = str(ran.json["changes"]) + str(ran.json["warnings"]) + ran.err
        shown[command] = told(text) if ran.code in (0, 1) else ran.err
    assert {command: said for command, said in shown.items() if said} == {}
    assert readings(f"sqlite:///{peopled}").number == 0


def test_all_of_it_is_shown_when_asked(dubi: Dubi, peopled: Path) -> None:
    """With a reason each command shows what it has, and the log says who read what of whom and why, once a case."""
    url, shown = f"sqlite:///{peopled}", set[str]()
    for command in SHOWING:
        before = readings(url).number
        ran = dubi(*command, "--show-sensitive", WHY, DUBI_USER="Lê Thị Đọc")
        found = told(ran.out + ran.err)
        assert found, (command, ran.out, ran.err)
        shown |= found
        log = readings(url)
        mine = log.readings[before:]
        assert {(one.who, one.why) for one in mine} == {("Lê Thị Đọc", WHY)}, command
        assert found <= {name for one in mine for name in one.fields} | {"discipline_form", "disciplined_on"}, command
        assert log.broken is None
    assert shown == WORDS.keys()


def test_a_condition_on_it_is_asking(dubi: Dubi, peopled: Path) -> None:
    """Who fulfils a condition on a sensitive fact, or on what is computed of one, is told when asked alone."""
    for condition in ('ethnicity is "Dân Tộc Rất Lạ"', "special_case is of_religious_office"):
        asked = ("correct", "--where", condition, "Ghi chú=đã xem", "--preview")
        refused = dubi(*asked)
        assert (refused.code, "HS-1" in refused.out + refused.err) == (3, False)
        assert "HS-1" in dubi(*asked, "--show-sensitive", WHY).out
    assert "HS-1" in {one.case for one in readings(f"sqlite:///{peopled}").readings}
    assert dubi("correct", "--where", "stage is candidate", "Ghi chú=đã xem", "--preview").code == 0


def test_names_behind_a_sensitive_figure(dubi: Dubi, peopled: Path) -> None:
    """Who is behind a figure by a sensitive fact is named when asked alone, and then each stands in the log."""
    asked = ("stats", "--from", "2009-01-01", "--to", "2011-01-01", "--who", "admission.ethnic_minority")
    for form in ((), ("--json",), ("--csv",)):
        assert "HS-2" not in dubi(*asked, *form).out
        assert "HS-2" in dubi(*asked, *form, "--show-sensitive", WHY).out
    assert {(one.case, one.fields) for one in readings(f"sqlite:///{peopled}").readings} == {("HS-2", ("ethnicity",))}


def test_one_entry_a_case(dubi: Dubi, peopled: Path) -> None:
    """A page of one case leaves one entry, with every field that it could show; a reason is needed."""
    for command in (("show", "HS-1"), ("explain", "HS-1", "--all"), ("show", "HS-2", "--json")):
        before = readings(f"sqlite:///{peopled}").number
        assert dubi(*command, *DAY, "--show-sensitive", WHY).code == 0
        (entry,) = readings(f"sqlite:///{peopled}").readings[before:]
        assert (entry.case, set(entry.fields)) == (command[1], set(WORDS))
    assert dubi("show", "HS-1", "--show-sensitive", " ").code == 3


def test_files_leave_it_out_unless_asked(dubi: Dubi, peopled: Path, tmp_path: Path) -> None:
    """A Parquet file has no such column, nor a workbook that is to go without; asked for, they have all of it.

    Each that has it stands in the reading log.
    """
    url, all_of_it = f"sqlite:///{peopled}", set(WORDS)
    for name, asked in (("a", ()), ("b", ("--with-sensitive", WHY))):
        for end in ("xlsx", "parquet"):
            without = ("--without-sensitive",) if end == "xlsx" and not asked else ()
            assert dubi("export", f"{name}.{end}", *asked, *without).code == 0
        book = read_workbook(tmp_path / f"{name}.xlsx").roster
        found = {key for record in book.records for key in record.fields} & all_of_it
        found |= {"discipline_form", "disciplined_on"} if book.disciplines else set()
        assert found == (all_of_it if asked else set())
        columns = set(pl.read_parquet(tmp_path / f"{name}.parquet").columns) & all_of_it
        assert columns == (all_of_it if asked else set())
    log = readings(url)
    assert [(one.case, one.why, set(one.fields)) for one in log.readings] == [(None, WHY, all_of_it)] * 2
    assert log.broken is None
    assert dubi("export", "c.xlsx").code == 0
    assert all_of_it <= {
        key for record in read_workbook(tmp_path / "c.xlsx").roster.records for key in record.fields
    } | {
        "discipline_form",
        "disciplined_on",
    }
    (last,) = readings(url).readings[2:]
    assert (last.case, "c.xlsx" in last.why, set(last.fields)) == (None, True, all_of_it)


def test_a_file_without_it_takes_nothing_away(dubi: Dubi, peopled: Path, tmp_path: Path) -> None:
    """Exported without what is sensitive and taken in again, changed elsewhere or not, nothing of it changes."""
    url = f"sqlite:///{peopled}"
    assert dubi("correct", "HS-1", "Tôn giáo=Phật giáo", "--since", "2024-01-01", "--confirm").code == 0
    before = read_store(url)
    assert dubi("export", "ra.xlsx", "--without-sensitive").code == 0
    seen = dubi("import", "ra.xlsx", "--json").json
    assert (seen["changes"], seen["new"], seen["changed"], seen["absent"]) == ([], 0, 0, [])
    assert dubi("import", "ra.xlsx", "--apply").code == 0
    assert read_store(url) == before
    book = openpyxl.load_workbook(tmp_path / "ra.xlsx")
    sheet = book["Hồ sơ"]
    header = [cell.value for cell in sheet[1]]
    sheet.cell(2, header.index("Ghi chú") + 1, "đã xem")
    book.save(tmp_path / "ra.xlsx")
    assert dubi("import", "ra.xlsx", "--apply").code == 0
    after = read_store(url)
    assert after.disciplines == before.disciplines
    for old, new in zip(before.records, after.records, strict=True):
        note = {"note": "đã xem"} if old.code == "HS-1" else {}
        assert (new.fields, new.attributes) == ({**old.fields, **note}, old.attributes)


def test_what_cannot_be_written_down_is_not_shown(dubi: Dubi, peopled: Path) -> None:
    """Where the reading log cannot be written the command ends without having shown anything."""
    (peopled.parent / "desk.sqlite").write_bytes(b"not a database at all, and long enough to be one" * 40)
    ran = dubi("show", "HS-1", *DAY, "--show-sensitive", WHY)
    assert (ran.code, told(ran.out + ran.err)) == (4, set())
