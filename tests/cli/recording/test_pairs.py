"""Rows that may be one person's: which pairs are named, and that the doctor names them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from cases.judging.pairs import pairs
from cases.values.records import Record, Value
from tests.cases.files.workbooks import case_book, somebody
from tests.cli.conftest import Dubi


def row(code: str, **fields: Value) -> Record:
    """A row of somebody."""
    return Record(code, {"full_name": "Nguyễn Văn Mẫu", "born_on": date(1990, 1, 2), **fields})


def test_which_pairs_are_named() -> None:
    """Each pair once: names as they are folded; those of one person code only where both have the person."""
    alike = row("2", full_name="NGUYỄN VĂN MẪU")
    assert [(p.one.code, p.other.code, p.why) for p in pairs([row("1"), alike])] == [("1", "2", "name_and_birth")]
    assert not list(pairs([row("1"), row("2", born_on=date(1990, 1, 3))]))
    joined = row("1", person_code="A"), row("2", person_code="A")
    assert [pair.why for pair in pairs(joined)] == ["person_code"]
    assert not list(pairs([row("1", person_code="A", moved_out_on=date(2024, 1, 2)), joined[1]]))
    assert not list(pairs([row("1", person_code="A", left_on=date(2014, 1, 2)), joined[1]]))


def test_the_doctor_names_pairs(dubi: Dubi) -> None:
    """Two rows of equal name and birth date in a store are named with their codes, and what to do about them."""
    assert dubi("init").code == 0
    for code in ("HS-1", "HS-2"):
        assert dubi("add", "--name", "Nguyễn Văn Mẫu", "--code", code, "--born", "02/01/1990", "--confirm").code == 0
    said = [one for one in dubi("doctor", "--json").json["checks"] if one["check"] == "one_person_twice"]
    assert len(said) == 1
    assert "HS-1 và HS-2" in said[0]["said"]


def test_the_person_of_another_is_asked_about(dubi: Dubi) -> None:
    """A `Mã người` of somebody of another name is asked about by `add` and `correct`; confirmed, the log tells whose
    name became another, and still agrees with the store.
    """
    assert dubi("init").code == 0
    assert dubi("add", "--name", "Lò Thị Tư", "--code", "A", "--born", "01/02/1980", "--set", "Mã người=P").code == 0
    assert dubi("add", "--name", "Cà Văn Khác", "--code", "B", "--born", "02/03/1970").code == 0
    third = ("add", "--name", "Vì Văn Mới", "--code", "C", "--born", "02/03/1985")
    for command in (("correct", "B", "Mã người=P"), (*third, "--set", "Mã người=P"), (*third, "--set", "Mã người=B")):
        refused = dubi(*command)
        assert (refused.code, "khác họ tên hoặc ngày sinh" in refused.err) == (3, True), command
    assert dubi("correct", "B", "Mã người=P", "--confirm").code == 0
    assert dubi("log", "verify").code == 0
    assert "Lò Thị Tư" in dubi("log", "--case", "A").out
    assert dubi("undo", "--confirm").code == 0
    assert "A · Lò Thị Tư" in dubi("show", "A").out


def test_merging_asks_and_takes_the_answer(dubi: Dubi, tmp_path: Path) -> None:
    """Two cells have one person under two codes: it is asked, answered with the words that the question gives."""
    same = {"born_on": date(1990, 5, 15), "admitted_on": date(2020, 1, 1)}
    one = case_book(tmp_path / "a.xlsx", somebody("A-1", unit="A", moved_out_on=date(2024, 5, 1), **same))
    other = case_book(tmp_path / "b.xlsx", somebody("B-1", unit="B", moved_in_on=date(2024, 5, 2), **same))
    asked = dubi("merge", one, other, "--out", "gop.xlsx", "--json")
    assert (asked.code, [clash["open"] for clash in asked.json["clashes"]]) == (0, [True])
    assert "Còn 1 cặp" in asked.err
    answer = re.search(r"--pair (\S+=cung)", asked.json["clashes"][0]["message"])
    assert answer is not None
    done = dubi("merge", one, other, "--out", "gop.xlsx", "--force", "--pair", answer[1], "--json")
    assert (done.code, done.json["cases"], "Còn" in done.err) == (0, 1, False)
    assert dubi("check", "gop.xlsx", "--as-of", "2024-12-31", "--json").json["cases"] == 1
    everybody = dubi("merge", one, other, "--all-other", "--json").json
    assert (everybody["cases"], everybody["clashes"]) == (2, [])
    for wrong, code in (("A-1=cung", 3), ("A-1+B-1=C-1", 3), ("A-1+C-1=cung", 2)):
        assert dubi("merge", one, other, "--pair", wrong).code == code


def test_checking_tells_what_the_doctor_tells(dubi: Dubi, tmp_path: Path) -> None:
    """Of a store `check` tells contradictions and pairs in the doctor's words; of a file the pairs, beside its rows."""
    rows = [
        somebody("A", unit="X", exit_kind="died"),
        somebody("B", unit="X", full_name="Lò Thị Tư", moved_out_on=date(2024, 5, 1)),
        somebody("C", unit="X", full_name="Lò Thị Năm", moved_out_on=date(2024, 5, 1), moved_to="Y"),
        somebody("D", unit="X", full_name="Lò Thị Tám", person_code="P"),
        somebody("E", unit="Y", full_name="Lò Thị Tám", person_code="P"),
    ]
    stays = [
        {"case": "C", "unit": "X", "since": date(2020, 1, 1), "until": date(2024, 1, 1)},
        {"case": "C", "unit": "Y", "since": date(2023, 1, 1)},
    ]
    book = case_book(tmp_path / "so.xlsx", *rows, placements=stays)
    assert dubi("init").code == 0
    assert dubi("import", book, "--apply").code == 0
    told = dubi("check", "--as-of", "2024-12-31", "--json").err
    for title, code in (
        ("Có hình thức ra khỏi Đảng mà không có ngày", "A"),
        ("Có ngày chuyển mà không ghi nơi", "B"),
        ("Hai nơi sinh hoạt trùng ngày", "C"),
        ("Có thể một người ở hai hồ sơ", "D và E"),
    ):
        (line,) = (line for line in told.splitlines() if title in line)
        assert code in line
        assert any(title in one["said"] and code in one["said"] for one in dubi("doctor", "--json").json["checks"])
    of_file = dubi("check", book, "--as-of", "2024-12-31", "--json").err
    assert of_file.count("Có thể một người ở hai hồ sơ") == 1
    assert of_file.count("Có hình thức ra khỏi Đảng nhưng chưa có ngày") == 1
