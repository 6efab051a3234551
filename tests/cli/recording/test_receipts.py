"""Two axes of time and receipts: what was known when, the same answer later, and the changes that moved it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from cases.changes.changing import with_step
from cases.changes.correcting import Correction, read_corrections
from cases.changes.saving import draft
from cases.imports.importing import import_file
from cases.log.write_plan import Alteration, Part, WritePlan
from cases.store import writing as writings
from cases.store.connection import initialise, writing
from cases.store.writing import apply_plan, new_batch
from cases.values.records import StepEntry
from tests.cli.conftest import Dubi

DAYS = [dt.datetime(2026, 3, day, 5, tzinfo=dt.UTC) for day in (2, 9, 16)]
"""When the three writes were made: an import, a late step, a corrected ceremony."""


@pytest.fixture
def long_kept(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that was written to on three days."""
    path = tmp_path / "home" / "dubi.sqlite"
    url = f"sqlite:///{path}"
    initialise(url)
    plain = writings.new_batch

    def dated(who: str | None = None, source: str | None = None, action: str = "import", **more: Any) -> object:
        return plain(who, source, action, now=DAYS[0], **more)

    monkeypatch.setattr(writings, "new_batch", dated)
    import_file(url, data / "rosters" / "chi-bo-nho.xlsx", apply=True, who="Lan")
    monkeypatch.undo()
    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUBI_CLOCK", dt.datetime.now().astimezone().date().isoformat())  # however much later it is run
    late = StepEntry("cell_proposed_recognition_on", dt.date(2025, 2, 20))
    write(url, "HS-03", lambda record: with_step(record, late), "record", DAYS[1])
    write(url, "HS-04", read_corrections(["le-ket-nap"], Correction(dt.date(2024, 6, 9))), "correct", DAYS[2])
    return path


def write(url: str, case: str, change: Any, action: str, now: dt.datetime) -> None:
    """Change a case on a day past."""
    with writing(url) as connection:
        made = draft(connection.execute, case, change, dt.date(2026, 11, 25))
        plan = WritePlan({"case": Part((Alteration(case, made.before, made.after),))})
        apply_plan(connection, plan, new_batch("Huệ", None, action, now=now))


def overdue(dubi: Dubi, *arguments: str) -> set[str]:
    """Who is overdue."""
    got = dubi("check", "--as-of", "2025-03-01", "--json", *arguments).json
    return {found["case"] for found in got["findings"] if found["rule"] == "recognition.past_cell_window"}


@pytest.mark.usefixtures("long_kept")
def test_what_was_known_when(dubi: Dubi) -> None:
    """The same day asked about, with what had been recorded by each of several days."""
    assert overdue(dubi, "--known-on", "8/3/2026") == {"HS-03", "HS-04", "HS-09"}
    assert overdue(dubi, "--known-on", "2026-03-09") == {"HS-04", "HS-09"}
    assert overdue(dubi, "--known-on", "2026-03-16") == {"HS-09"}
    assert overdue(dubi) == {"HS-09"}
    said = dubi("check", "--as-of", "2025-03-01", "--known-on", "8/3/2026").out
    assert "Chỉ dựa vào những gì đã ghi vào kho đến hết ngày 08/03/2026." in said
    assert dubi("check", "--known-on", "8/3/2026", "--json").json["known_on"] == "2026-03-08"


@pytest.mark.usefixtures("long_kept")
def test_statistics_as_they_were_known(dubi: Dubi) -> None:
    """Figures too are counted from what had been recorded by a day."""
    period = ["--from", "2024-01-01", "--to", "2024-03-31", "--json"]
    then = dubi("stats", *period, "--known-on", "8/3/2026").json["values"]["admission.total"]["value"]
    now = dubi("stats", *period).json["values"]["admission.total"]["value"]
    assert (then, now) == (6, 5)


@pytest.mark.usefixtures("long_kept")
def test_days_before_the_first_write(dubi: Dubi, small: Path) -> None:
    """Before anything was recorded nothing was known; a file knows no days of recording."""
    ran = dubi("check", "--known-on", "1/3/2026")
    assert ran.code == 3
    assert "lần ghi đầu tiên là ngày 02/03/2026" in ran.err
    ran = dubi("check", small, "--known-on", "1/3/2026")
    assert ran.code == 2
    assert "--known-on chỉ dùng với kho" in ran.err


@pytest.mark.usefixtures("long_kept")
def test_a_receipt_is_verified(dubi: Dubi, tmp_path: Path) -> None:
    """Unchanged, the receipt holds; after changes it is reproduced from then, and each mover is named with figures."""
    assert dubi("check", "--as-of", "2025-03-01", "--receipt", "bn.json").code == 0
    period = ["--from", "2024-01-01", "--to", "2024-03-31"]
    assert dubi("stats", *period, "--receipt", "bs.json").code == 0
    for name in ("bn.json", "bs.json"):
        ran = dubi("report", "verify", name)
        assert ran.code == 0, ran.out
        assert "đúng như biên nhận" in ran.out
        assert "vẫn như vậy" in ran.out
    dubi("add", "--name", "Lê Mẫu", "--candidate-on", "1/9/2025")
    assert dubi("bao-cao", "kiem-chung", "bn.json").code == 0
    dubi("correct", "HS-09", "Ngày kết nạp=10/6/2024", DUBI_USER="Cúc")
    dubi("correct", "HS-10", "Ghi chú=không liên quan")
    ran = dubi("report", "verify", "bn.json", "--json")
    assert ran.code == 1
    got = ran.json
    assert (got["found"], got["same_rules"], got["not_reproduced"]) == (True, True, [])
    assert {one["figure"] for one in got["moved"]} >= {"severity.overdue", "rule.recognition.past_cell_window"}
    (mover,) = got["movers"]
    assert (mover["who"], mover["action"], mover["keys"]) == ("Cúc", "correct", ["HS-09"])
    said = dubi("report", "verify", "bs.json").out
    assert "Hồ sơ HS-09: Ngày kết nạp: 10/01/2024 → 10/06/2024" in said
    assert "(admission.total): 5 → 4" in said
    dubi("undo", "--confirm")
    dubi("undo", "--confirm")
    assert dubi("report", "verify", "bn.json").code == 0
    assert "name" not in json.loads((tmp_path / "bn.json").read_text(encoding="utf-8"))["figures"]


@pytest.mark.usefixtures("long_kept")
def test_movers_are_found_among_many(dubi: Dubi, large: Path) -> None:
    """In an import of hundreds of changes the ones that moved figures are found, and only those."""
    dubi("check", "--as-of", "2025-03-01", "--unit", "CB-01", "--receipt", "bn.json")
    dubi("import", large, "--apply")
    dubi("correct", "HS-09", "Ngày kết nạp=10/6/2024")
    got = dubi("report", "verify", "bn.json", "--json").json
    assert got["movers"][-1]["keys"] == ["HS-09"]
    assert {mover["action"] for mover in got["movers"]} <= {"import", "correct"}


@pytest.mark.usefixtures("long_kept")
def test_a_receipt_of_another_store(dubi: Dubi, tmp_path: Path) -> None:
    """A store whose log never knew the receipt's write says so; so does one whose log was rewritten."""
    dubi("check", "--as-of", "2025-03-01", "--receipt", "bn.json")
    dubi("init", "--store", "khac.sqlite")
    ran = dubi("report", "verify", "bn.json", "--store", tmp_path / "khac.sqlite")
    assert ran.code == 1
    assert "kho khác, hoặc nhật ký đã bị sửa" in ran.out


def test_a_receipt_of_a_file(dubi: Dubi, small: Path, tmp_path: Path) -> None:
    """A workbook's receipt holds as long as the very file is there."""
    (tmp_path / "so.xlsx").write_bytes(small.read_bytes())
    assert dubi("check", "so.xlsx", "--as-of", "2025-03-01", "--receipt", "bn.json").code == 0
    assert dubi("report", "verify", "bn.json").code == 0
    (tmp_path / "so.xlsx").unlink()
    ran = dubi("report", "verify", "bn.json")
    assert ran.code == 1
    assert "Không có tệp “so.xlsx”" in ran.out


@pytest.mark.usefixtures("long_kept")
def test_a_form_keeps_a_receipt(dubi: Dubi, tmp_path: Path) -> None:
    """The figures of a form are given again later, and the change that moved one of its cells is named."""
    period = ["--from", "2024-01-01", "--to", "2024-03-31"]
    form = ["report", "F2", *period, "--setting", "admission_date=ceremony"]
    ran = dubi(*form, "--xlsx", "bieu.xlsx", "--receipt", "bn.json")
    assert ran.code == 0, ran.err
    kept = json.loads((tmp_path / "bn.json").read_text(encoding="utf-8"))
    assert (kept["question"]["form"], kept["question"]["settings"]) == ("F2", ["admission_date=ceremony"])
    assert dubi("report", "verify", "bn.json").code == 0
    before = dubi(*form, "--json").json
    dubi("correct", "HS-10", "Ghi chú=không liên quan")
    assert dubi("report", "verify", "bn.json").code == 0
    dubi("correct", "HS-09", "Ngày kết nạp=10/6/2024", DUBI_USER="Cúc")
    assert dubi(*form, "--json").json["blocks"] != before["blocks"]
    ran = dubi("report", "verify", "bn.json", "--json")
    assert ran.code == 1
    got = ran.json
    assert (got["command"], got["found"], got["same_rules"], got["not_reproduced"]) == ("report", True, True, [])
    (mover,) = got["movers"]
    assert (mover["who"], mover["keys"]) == ("Cúc", ["HS-09"])
    said = dubi("report", "verify", "bn.json").out
    assert "dubi report F2, tính đến ngày 31/03/2024" in said
    assert "Mục 1, dòng" in said
    dubi("undo", "--confirm")
    assert dubi("report", "verify", "bn.json").code == 0


@pytest.mark.usefixtures("long_kept")
def test_a_form_as_it_was_known(dubi: Dubi, small: Path) -> None:
    """A form from what had been recorded by a day says so, and its receipt holds whatever came later."""
    form = ["report", "F2", "--from", "2024-01-01", "--to", "2024-03-31"]
    then, now = dubi(*form, "--known-on", "8/3/2026", "--json").json, dubi(*form, "--json").json
    assert (then["known_on"], then["blocks"] == now["blocks"]) == ("2026-03-08", False)
    assert "đến hết ngày 08/03/2026" in then["notes"][-1]
    assert dubi(*form, "--known-on", "8/3/2026", "--receipt", "bn.json").code == 0
    ran = dubi("report", "verify", "bn.json", "--json")
    assert (ran.code, ran.json["not_reproduced"]) == (1, [])
    assert {key for mover in ran.json["movers"] for key in mover["keys"]} == {"HS-04"}
    assert dubi("report", "F2", small, *form[2:], "--known-on", "8/3/2026").code == 2


@pytest.mark.usefixtures("long_kept")
@pytest.mark.parametrize("form", ["F4", "F5", "F9"])
def test_every_kind_of_form_keeps_a_receipt(dubi: Dubi, tmp_path: Path, form: str) -> None:
    """Tables, sentences and lists of people: the receipt names nobody, and holds."""
    period = ["--from", "2024-01-01", "--to", "2025-03-31"]
    assert dubi("report", form, *period, "--receipt", "bn.json").code == 0
    text = (tmp_path / "bn.json").read_text(encoding="utf-8")
    assert json.loads(text)["figures"]
    assert "Nguyễn" not in text
    assert dubi("report", "verify", "bn.json").code == 0


@pytest.mark.parametrize("form", ["list", "overview", "verify"])
def test_a_receipt_is_of_one_form(dubi: Dubi, form: str) -> None:
    """What fills no form gives no receipt."""
    ran = dubi("report", form, "--from", "2024-01-01", "--to", "2024-03-31", "--receipt", "bn.json")
    assert ran.code == 2
    assert "dubi report F2" in ran.err


BROKEN = {
    "a figure altered": lambda text: text.replace('"cases": 26', '"cases": 27'),
    "a day altered": lambda text: text.replace("2025-03-01", "2025-03-02"),
    "cut off": lambda text: text[:100],
    "another JSON": lambda _: "[1, 2]",
    "no JSON": lambda _: "biên nhận",
}


@pytest.mark.usefixtures("long_kept")
@pytest.mark.parametrize("spoil", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_receipt(dubi: Dubi, tmp_path: Path, spoil: Any) -> None:
    """A receipt that was altered by hand is not taken for one."""
    dubi("check", "--as-of", "2025-03-01", "--receipt", "bn.json")
    path = tmp_path / "bn.json"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    ran = dubi("report", "verify", "bn.json")
    assert (ran.code, ran.out) == (3, "")
    assert "không phải là biên nhận" in ran.err


@pytest.mark.usefixtures("long_kept")
def test_receipts_are_not_written_over(dubi: Dubi) -> None:
    """A receipt that is there stays, and one that is not there is missed in words."""
    assert dubi("check", "--as-of", "2025-03-01", "--receipt", "bn.json").code == 0
    assert dubi("check", "--as-of", "2025-03-01", "--receipt", "bn.json").code == 3
    assert dubi("check", "--as-of", "2025-03-01", "--receipt", "bn.json", "--force").code == 0
    assert dubi("report", "verify", "khong-co.json").code == 3
    assert dubi("report", "verify").code == 2


PERIOD = ("--from", "2024-01-01", "--to", "2024-03-31")


@pytest.mark.usefixtures("long_kept")
def test_reported_is_reported(dubi: Dubi) -> None:
    """Figures sent are marked; what moves them is listed with the write and the person, until it is undone."""
    assert dubi("report", "sent", "--json").json == {"reported": []}
    marked = dubi("stats", *PERIOD, "--receipt", "bs.json")
    assert "Kho đã đánh dấu là đã báo" in marked.err
    dubi("report", "F2", *PERIOD, "--receipt", "b2.json")
    dubi("check", "--as-of", "2025-03-01", "--receipt", "bn.json")  # findings are no figures of a period
    stands = dubi("report", "sent", "--json").json["reported"]
    assert [(one["command"], one["form"], one["stands"]) for one in stands] == [
        ("stats", None, True),
        ("report", "F2", True),
    ]
    assert dubi("bao-cao", "da-bao").out.count("Vẫn đúng như đã báo.") == 2

    dubi("correct", "HS-10", "Ghi chú=không liên quan")
    dubi("correct", "HS-09", "Ngày kết nạp=10/6/2024", DUBI_USER="Cúc")
    ran = dubi("report", "sent", "--json")
    assert ran.code == 1
    stats, form = ran.json["reported"]
    (total,) = [one for one in stats["changed"] if one["figure"] == "admission.total"]
    assert (total["then"], total["now"], total["by_rules"]) == (5, 4, False)
    (cause,) = total["because"]
    assert (cause["who"], cause["action"], cause["before"], cause["after"]) == ("Cúc", "correct", 5, 4)
    assert [one["code"] for one in cause["people"]] == ["HS-09"]
    assert form["changed"]
    assert form["traced"]
    said = dubi("report", "sent").out
    assert "(admission.total): đã báo 5, nay 4 vì:" in said
    assert f"HS-09 {cause['people'][0]['name']}" in said
    again = dubi("stats", *PERIOD)
    assert "đã báo 5, nay 4 vì lần ghi" in again.err
    assert "về HS-09" in again.err
    for command, sent in ((("stats",), stats), (("report", "F2"), form)):
        before = dubi(*command, *PERIOD, "--json").json["reported"]
        assert (before["batch"], before["changed"]) == (sent["batch"], sent["changed"]), "as the list of reports says"
    assert dubi("stats", "--from", "2023-01-01", "--to", "2023-03-31", "--json").json["reported"] is None
    assert "đã báo" not in dubi("stats", "--from", "2024-01-01", "--to", "2024-06-30").err
    doctor = {one["check"]: one for one in dubi("doctor", "--json").json["checks"] if one["check"] == "reported"}
    assert doctor["reported"]["state"] == "attention"
    assert "đã báo" in doctor["reported"]["said"]

    dubi("undo", "--confirm")
    assert dubi("report", "sent").code == 0
    assert dubi("redo", "--confirm").code == 0
    dubi("stats", *PERIOD, "--receipt", "bs2.json")
    anew = dubi("report", "sent", "--json").json["reported"]
    assert [one["replaced_by"] for one in anew] == [anew[2]["batch"], None, None]
    assert anew[2]["stands"]


@pytest.mark.usefixtures("long_kept")
def test_a_mark_stands_in_nobodys_way(dubi: Dubi) -> None:
    """The mark is no command to take back: undo and redo pass over it, and it is refused by its own name."""
    dubi("correct", "HS-10", "Ghi chú=một")
    number = len(dubi("log", "--json").json["batches"])
    dubi("stats", *PERIOD, "--receipt", "bs.json")
    mark = dubi("log", "--json").json["batches"][-1]
    assert (mark["action"], mark["size"], mark["number"]) == ("report", 0, number + 1)
    assert "Ghi chú: một" in dubi("show", "HS-10").out
    assert dubi("undo", "--confirm").code == 0
    assert "Ghi chú: một" not in dubi("show", "HS-10").out
    dubi("report", "F2", *PERIOD, "--receipt", "b2.json")
    assert dubi("redo", "--confirm").code == 0
    assert "Ghi chú: một" in dubi("show", "HS-10").out
    refused = dubi("undo", mark["batch"], "--confirm")
    assert refused.code == 3
    assert "đánh dấu một báo cáo đã gửi" in refused.err
    assert dubi("log", "verify").code == 0


@pytest.mark.usefixtures("long_kept")
def test_a_mark_is_made_with_its_file_or_not_at_all(dubi: Dubi, tmp_path: Path) -> None:
    """Where the receipt cannot be written nothing is marked; a source that is a file is never marked."""
    (tmp_path / "bs.json").write_text("của tôi", encoding="utf-8")
    assert dubi("stats", *PERIOD, "--receipt", "bs.json").code == 3
    assert dubi("report", "sent", "--json").json == {"reported": []}
    dubi("export", "so.xlsx")
    assert "đánh dấu" not in dubi("stats", "so.xlsx", *PERIOD, "--receipt", "tep.json").err
    assert dubi("report", "sent", "--json").json == {"reported": []}
