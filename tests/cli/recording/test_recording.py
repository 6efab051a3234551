"""Recording day by day, each command as a process: shown first, refused, asked about, written, and taken back."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import python_calamine

from cases.changes.changing import entries_of
from cases.history.verification import verify
from cases.judging.steps import kinds
from cases.store.reading import read_store
from cases.values.records import Discipline, Enrolment, Placement, Record
from cli.main import outcome
from tests.cli.conftest import DUBI, Dubi, Ran


def records(book: Path) -> dict[str, Record]:
    """The records of the store by code."""
    return {record.code: record for record in read_store(f"sqlite:///{book}").records}


def refused(ran: Ran, *words: str) -> None:
    """Nothing was written, and the sentence holds these words."""
    assert ran.code == 3, ran.err
    assert all(word in ran.err for word in words), ran.err


def test_a_step_is_shown_and_written(dubi: Dubi, book: Path) -> None:
    """What goes and comes is on stdout, what was written on stderr; papers are kept; undo takes it back."""
    step = ["HS-03", "chi-bo-xet-chinh-thuc", "--on", "27/02/2025"]
    ran = dubi("record", *step, "--document", "12-NQ/CB", "--result", "9/9", "--as-of", "2025-03-01")
    assert ran.code == 0, ran.err
    assert "Ngày chi bộ xét chính thức: ghi 27/02/2025 (số văn bản 12-NQ/CB; kết quả 9/9)" in ran.out
    assert "Tính đến ngày 01/03/2025" in ran.out
    assert "Không còn: 1" in ran.out
    assert "chi bộ phải xét chậm nhất là hết ngày 28/02/2025" in ran.out
    assert ran.err.startswith("Đã ghi (lần ghi ")
    record = records(book)["HS-03"]
    entry = entries_of(record)["cell_proposed_recognition_on", date(2025, 2, 27)]
    assert (entry.document, entry.result) == ("12-NQ/CB", "9/9")
    assert dubi("undo").code == 0
    assert "cell_proposed_recognition_on" not in records(book)["HS-03"].fields


def test_a_preview_writes_nothing(dubi: Dubi, book: Path) -> None:
    """`--preview` shows everything and leaves the file byte for byte."""
    before = book.read_bytes()
    ran = dubi("ghi", "HS-03", "chi-bo-xet-chinh-thuc", "--on", "2025-02-27", "--preview")
    assert ran.code == 0
    assert "chưa ghi gì vào kho" in ran.err
    assert book.read_bytes() == before


IMPOSSIBLE = {
    "before birth": (["record", "HS-03", "sinh-hoat-chi-bo", "--on", "1/1/1990"], "đứng trước ngày sinh 30/01/1994"),
    "before the ceremony": (["record", "HS-03", "quyet-dinh-chinh-thuc", "--on", "5/1/2024"], "đứng trước lễ kết nạp"),
    "the same step again": (["record", "HS-03", "lap-ho-so", "--on", "7/5/2023"], "đã ghi “Ngày lập hồ sơ” 07/05/2023"),
    "a second ceremony": (["record", "HS-03", "le-ket-nap", "--on", "15/1/2024"], "chỉ có một lần"),
    "leaving before coming": (["leave", "HS-03", "--on", "1/1/2024", "--kind", "xin-ra"], "đứng trước lễ kết nạp"),
    "no such day": (["record", "HS-03", "sinh-hoat-chi-bo", "--on", "31/2/2025"], "không có trong lịch"),
    "a year out of bounds": (["record", "HS-03", "sinh-hoat-chi-bo", "--on", "1/1/2203"], "1900–2100"),
    "born tomorrow": (["add", "--name", "Lê Mẫu", "--born", "1/1/2099"], "Ngày sinh 01/01/2099 chưa tới"),
    "a code taken": (["add", "--name", "Lê Mẫu", "--code", "hs-03"], "Mã hồ sơ “hs-03” trông giống mã đã có “HS-03”"),
    "a ceremony moved before birth": (["correct", "HS-03", "le-ket-nap", "--on", "1/1/1990"], "đứng trước ngày sinh"),
    "a birth after the steps": (["correct", "HS-03", "Ngày sinh=1/1/2024"], "đứng trước ngày sinh 01/01/2024"),
    "papers beyond all measure": (
        ["record", "HS-03", "sinh-hoat-chi-bo", "--on", "1/3/2025", "--document", "b" * 33_000],
        "Dài quá 32767 ký tự",
    ),
    "a name of nothing": (["add", "--name", "   "], "không được để trống"),
    "a step that is not there": (["correct", "HS-03", "trao-the", "--on", "1/1/2025"], "chưa ghi “Ngày trao thẻ”"),
}


@pytest.mark.parametrize(("arguments", "words"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_the_impossible_is_refused(dubi: Dubi, book: Path, arguments: list[str], words: str) -> None:
    """Even confirmed it is refused with code 3 and what is wrong, and the store stays byte for byte."""
    before = book.read_bytes()
    confirmed = ["--confirm"] if arguments[0] != "enrol" else []
    refused(dubi(*arguments, *confirmed), words)
    assert book.read_bytes() == before


UNUSUAL = {
    "a day to come": (["record", "HS-03", "sinh-hoat-chi-bo", "--on", "1/1/2099"], "chưa tới"),
    "out of order": (["record", "HS-18", "chi-bo-xet-ket-nap", "--on", "1/1/2024"], "đứng trước “Ngày lập hồ sơ”"),
    "the step before is missing": (["record", "HS-18", "quyet-dinh-ket-nap", "--on", "6/1/2025"], "sổ chưa ghi"),
    "a decision on a Sunday": (["record", "HS-24", "quyet-dinh-chinh-thuc", "--on", "9/3/2025"], "rơi vào ngày nghỉ"),
    "a second decision": (["record", "HS-03", "quyet-dinh-ket-nap", "--on", "22/12/2023"], "lần nào có hiệu lực"),
    "early recognition": (["record", "HS-11", "chi-bo-xet-chinh-thuc", "--on", "6/1/2025"], "phát sinh vướng mắc"),
    "the same person": (["add", "--name", "nguyễn bích bình", "--born", "30/1/1994"], "Trùng họ tên và ngày sinh"),
    "very young": (["add", "--name", "Lê Mẫu", "--born", "1/1/2020"], "chưa đủ 15 tuổi"),
}


@pytest.mark.parametrize(("arguments", "words"), UNUSUAL.values(), ids=UNUSUAL.keys())
def test_the_unusual_wants_confirming(dubi: Dubi, book: Path, arguments: list[str], words: str) -> None:
    """Without `--confirm` nothing is written and the reason is said; with it, it is written and the log holds."""
    before = book.read_bytes()
    asked = dubi(*arguments, "--as-of", "2025-03-01")
    refused(asked, words, "--confirm")
    assert book.read_bytes() == before
    assert dubi(*arguments, "--as-of", "2025-03-01", "--confirm").code == 0
    assert book.read_bytes() != before
    assert verify(f"sqlite:///{book}").holds


def test_after_death_and_after_leaving(dubi: Dubi, book: Path) -> None:
    """After somebody has left, a step wants confirming; after death there is none."""
    assert dubi("leave", "HS-03", "--on", "3/3/2025", "--kind", "từ trần", "--document", "7-GBT").code == 0
    refused(dubi("record", "HS-03", "sinh-hoat-chi-bo", "--on", "4/3/2025", "--confirm"), "từ trần 03/03/2025")
    assert dubi("ra-khoi-dang", "HS-04", "--on", "3/3/2025", "--kind", "xin-ra").code == 0
    refused(dubi("record", "HS-04", "sinh-hoat-chi-bo", "--on", "4/3/2025"), "đứng sau ngày ra khỏi Đảng", "--confirm")
    assert records(book)["HS-04"].fields["exit_kind"] == "resigned"


def test_unknown_names_are_asked_back(dubi: Dubi, book: Path) -> None:
    """A case, step, unit, class or kind that is not there ends with 2 and the nearest name."""
    for arguments, words in (
        (["record", "HS-3", "le-ket-nap", "--on", "1/1/2024"], "Có phải “HS-03”"),
        (["record", "HS-03", "le-ket-nap-dang", "--on", "1/1/2024"], "Có phải “le-ket-nap”"),
        (["add", "--name", "Lê Mẫu", "--unit", "CB-1"], "Có phải “CB-01”"),
        (["move", "HS-03", "--to", "CB-02", "--on", "1/1/2025"], "Có phải “CB-01”"),
        (["enrol", "NT-2024", "HS-03"], "Có phải “NT-2024-1”"),
        (["leave", "HS-03", "--on", "1/1/2025", "--kind", "xin"], "Có phải “Xin ra”"),
        (["correct", "HS-03", "Ngày shinh=1/1/1990"], "Có phải “Ngày sinh”"),
        (["find", "--unit", "CB-7"], "dubi units"),
        (["show", "HS-99"], "Có phải"),
    ):
        ran = dubi(*arguments)
        assert ran.code == 2, (arguments, ran.err)
        assert words in ran.err
    assert verify(f"sqlite:///{book}").batches == 1


def test_somebody_new(dubi: Dubi, book: Path) -> None:
    """A new person gets the next code; every column can be set; the effect is part of the answer for programs."""
    ran = dubi(
        *("them", "--name", "  Lò  Văn Mẫu ", "--born", "05/06/1998", "--sex", "nam", "--unit", "CB-01"),
        *("--candidate-on", "6/1/2025", "--set", "Dân tộc=Thái", "--set", "doan-vien-tncs=x", "--json"),
    )
    assert ran.code == 0, ran.err
    assert (ran.json["case"], ran.json["name"], ran.json["stage"]) == ("HS-27", "Lò Văn Mẫu", "candidate")
    assert ran.json["batch"]
    assert records(book)["HS-27"].fields == {
        "code": "HS-27",
        "full_name": "Lò Văn Mẫu",
        "born_on": date(1998, 6, 5),
        "sex": "Nam",
        "unit": "CB-01",
        "candidate_on": date(2025, 1, 6),
        "ethnicity": "Thái",
        "youth_union": True,
    }


@pytest.mark.usefixtures("book")
def test_without_a_terminal_nobody_is_asked(dubi: Dubi) -> None:
    """A script that forgets the name is told so; it does not hang on a question."""
    ran = dubi("add", "--born", "1/1/1990")
    assert (ran.code, ran.out) == (2, "")
    assert "--name" in ran.err


def on_a_terminal(arguments: list[str], answers: str) -> tuple[int, str]:
    """The command on a terminal where somebody types these lines."""
    ours, its = os.openpty()
    with subprocess.Popen([str(DUBI), *arguments], stdin=its, stdout=its, stderr=its) as running:
        os.close(its)
        os.write(ours, answers.encode())
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            seen += part
    os.close(ours)
    return running.returncode, seen.decode()


def test_on_a_terminal_add_asks(book: Path) -> None:
    """Item by item, a wrong one again, an empty one left out."""
    answers = "Lê Thị Mẫu\n31/2/1990\n05/06/1998\nnữ\nCB-01\nKinh\n\n\n\n6/1/2025\n"
    code, seen = on_a_terminal(["add"], answers)
    assert code == 0, seen
    assert "không có trong lịch" in seen.lower()
    fields = records(book)["HS-27"].fields
    assert (fields["full_name"], fields["born_on"], fields["sex"]) == ("Lê Thị Mẫu", date(1998, 6, 5), "Nữ")
    assert fields["candidate_on"] == date(2025, 1, 6)


@pytest.mark.parametrize(("answer", "code", "batches"), [("c\n", 0, 2), ("\n", 130, 1)])
def test_on_a_terminal_the_unusual_is_asked(book: Path, answer: str, code: int, batches: int) -> None:
    """Yes writes, Enter does not."""
    got, seen = on_a_terminal(["record", "HS-18", "quyet-dinh-ket-nap", "--on", "6/1/2025"], answer)
    assert (got, verify(f"sqlite:///{book}").batches) == (code, batches), seen
    assert "Vẫn ghi?" in seen


def test_correcting(dubi: Dubi, book: Path) -> None:
    """Columns, days and papers are mended; of faith and family the answer says only that they changed."""
    ran = dubi("sua", "HS-03", "Họ và tên=Nguyễn Bích Bình An", "Tôn giáo=Phật giáo", "ngay-lap-ho-so=8/5/2023")
    assert ran.code == 0, ran.err
    assert "Họ và tên: Nguyễn Bích Bình → Nguyễn Bích Bình An" in ran.out
    assert "Ngày lập hồ sơ: 07/05/2023 → 08/05/2023" in ran.out
    assert "Tôn giáo: đã sửa (đã che)" in ran.out
    assert "Phật giáo" not in ran.out + ran.err
    assert dubi("correct", "HS-03", "le-ket-nap", "--document", "5-QĐ").code == 0
    assert dubi("correct", "HS-03", "Trình độ học vấn=Trung học cơ sở", "--since", "1/9/2020").code == 0
    record = records(book)["HS-03"]
    assert record.fields["religion"] == "Phật giáo"
    assert entries_of(record)["admitted_on", date(2024, 1, 12)].document == "5-QĐ"
    assert len(record.attributes) == 2
    again = dubi("correct", "HS-03", "le-ket-nap", "--document", "5-QĐ")
    assert (again.code, again.err) == (0, "Sổ đã đúng như vậy; không phải ghi gì.\n")


def test_moving(dubi: Dubi, book: Path) -> None:
    """Out of the book and into it again, with the papers; a place of one word is taken for a misspelt unit."""
    assert dubi("move", "HS-03", "--to", "ngoai-tinh", "--on", "5/3/2025", "--document", "9-GT").code == 0
    assert records(book)["HS-03"].fields["moved_to"] == "out_of_province"
    assert dubi("chuyen", "HS-03", "--from", "Đảng bộ xã Mẫu", "--to", "CB-01", "--on", "5/5/2025").code == 0
    assert records(book)["HS-03"].fields["moved_from"] == "Đảng bộ xã Mẫu"
    assert dubi("move", "HS-04", "--to", "Hanoi", "--on", "5/3/2025").code == 2
    assert dubi("move", "HS-04", "--on", "5/3/2025").code == 2


def test_moving_inside(dubi: Dubi, book: Path, large: Path) -> None:
    """Between two units of the book the stays are kept with their days."""
    dubi("import", large, "--apply")
    case = next(code for code, record in records(book).items() if record.fields.get("unit") == "CB-03")
    assert dubi("move", case, "--to", "CB-05", "--on", "5/3/2025").code == 0
    placements = records(book)[case].placements
    assert placements[-2:] == (Placement("CB-03", None, date(2025, 3, 4)), Placement("CB-05", date(2025, 3, 5)))
    refused(dubi("move", case, "--to", "CB-03", "--on", "1/1/2025"), "đứng trước ngày đến")


def test_a_class_from_beginning_to_end(dubi: Dubi, book: Path) -> None:
    """Opened, filled, closed, certified for all at once: the case's own column has the certificate too."""
    assert dubi("lop", "them", "NT-9", "--kind", "nhan-thuc", "--unit", "CB-01", "--opened", "3/3/2025").code == 0
    assert dubi("ghi-danh", "NT-9", "HS-18", "HS-20", "--name", "Lê Khách", "--youth-union").code == 0
    refused(dubi("enrol", "NT-9", "HS-18"), "đã có trong lớp NT-9")
    refused(dubi("enrol", "NT-9", "--name", "   "), "không được để trống")
    refused(dubi("enrol", "NT-9", "--name", "a" * 201), "Dài quá 200 ký tự")
    refused(dubi("course", "add", "nt-9", "--kind", "nhan-thuc"), "Mã lớp “nt-9” đã có")
    refused(dubi("course", "correct", "NT-9", "--closed", "1/3/2025"), "đứng trước ngày mở 03/03/2025")
    assert dubi("course", "correct", "NT-9", "--closed", "7/3/2025").code == 0
    refused(dubi("course", "certify", "NT-9", "--on", "1/3/2025"), "đứng trước ngày mở lớp", "--confirm")
    refused(dubi("course", "certify", "NT-9", "HS-03", "--on", "7/3/2025"), "Không có trong lớp NT-9: HS-03")
    ran = dubi("course", "certify", "NT-9", "--on", "7/3/2025")
    assert ran.code == 0, ran.err
    assert "HS-18: Ngày cấp GCN nhận thức về Đảng: ghi 07/03/2025" in ran.out
    refused(dubi("course", "certify", "NT-9", "HS-18", "--on", "10/3/2025"), "đã được cấp chứng nhận", "--confirm")
    roster = read_store(f"sqlite:///{book}")
    on = date(2025, 3, 7)
    assert [one for one in roster.enrolments if one.course == "NT-9"] == [
        Enrolment("NT-9", "HS-18", None, certified_on=on),
        Enrolment("NT-9", "HS-20", None, youth_union=True, certified_on=on),
        Enrolment("NT-9", None, "Lê Khách", youth_union=True, certified_on=on),
    ]
    assert records(book)["HS-18"].fields["awareness_certified_on"] == on
    assert dubi("course", "list", "--json").json["courses"][-1]["certified"] == 3
    assert "Lê Khách" in dubi("course", "show", "NT-9").out
    assert dubi("undo").code == 0
    assert "awareness_certified_on" not in records(book)["HS-18"].fields
    assert verify(f"sqlite:///{book}").holds


def test_discipline(dubi: Dubi, book: Path) -> None:
    """A disciplinary measure is recorded with its form, in the sheet of its own, once."""
    ran = dubi("record", "HS-03", "ky-luat", "--on", "3/3/2025", "--result", "khiển trách")
    assert ran.code == 0, ran.err
    measure = Discipline("HS-03", "reprimand", date(2025, 3, 3))
    assert measure in read_store(f"sqlite:///{book}").disciplines
    refused(dubi("record", "HS-03", "ky-luat", "--on", "3/3/2025", "--result", "khiển trách"), "đã ghi lần kỷ luật này")
    assert dubi("record", "HS-03", "ky-luat", "--on", "3/3/2025").code == 2
    assert dubi("record", "HS-03", "ky-luat", "--on", "3/3/2025", "--result", "phạt").code == 2


def test_every_step_of_the_vocabulary(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever kind of step the rules know can be recorded by its English name, each on a day of its own."""
    monkeypatch.setenv("DUBI_STORE", str(book))
    kept = [kind for kind in kinds() if kind != "disciplined_on"]
    taken = set(entries_of(records(book)["HS-18"]))
    for place, kind in enumerate(kept):
        if (kinds()[kind].once == "always") and any(name == kind for name, _ in taken):
            continue
        on = date(2025, 3, 3) + timedelta(days=place)
        if kind == "left_on":
            on = date(2026, 10, 1)
        assert outcome(["record", "HS-18", kind, "--on", on.isoformat(), "--confirm"]) == 0, capsys.readouterr().err
    now = {name for name, _ in entries_of(records(book)["HS-18"])}
    assert set(kept) <= now
    assert verify(f"sqlite:///{book}").holds


@pytest.mark.usefixtures("book")
def test_personal_numbers_are_masked(dubi: Dubi) -> None:
    """A number of 9 to 12 digits that somebody types is not repeated in full by any sentence."""
    for arguments in (
        ["show", "012345678901"],
        ["record", "012345678901", "le-ket-nap", "--on", "1/1/2024"],
        ["correct", "HS-03", "Ngày sinh=012345678901"],
        ["correct", "HS-03", "012345678901"],
        ["explain", "012345678901"],
        ["undo", "012345678901"],
        ["add", "--name", "Lê Mẫu", "--unit", "012345678901"],
    ):
        ran = dubi(*arguments)
        assert ran.code in (2, 3), ran.err
        assert "012345678901" not in ran.err
    assert dubi("correct", "HS-03", "Ghi chú=Số định danh 012345678901").code == 0
    assert "012345678901" not in dubi("log", "--case", "HS-03").out
    assert "012345678901" not in dubi("log", "--case", "HS-03", "--json").out
    assert "012345678901" not in dubi("show", "HS-03").out


@pytest.mark.usefixtures("book")
def test_the_list_of_steps(dubi: Dubi) -> None:
    """`dubi steps` shows every kind of step with a name that can be typed as it stands."""
    ran = dubi("steps", "--json")
    assert {one["step"] for one in ran.json["steps"]} == set(kinds())
    typed = [line.split()[0] for line in dubi("cac-buoc").out.splitlines()[1:] if line.strip()]
    assert len(typed) == len(kinds())
    assert sys.version_info >= (3, 11)


def test_a_document_is_kept_with_its_place(dubi: Dubi, book: Path, tmp_path: Path) -> None:
    """Number, day and place of a document are recorded, shown, logged, corrected, exported and taken back."""
    step = ("record", "HS-01", "chi-bo-xet-chinh-thuc", "--on", "6/5/2026", "--confirm")
    ran = dubi(*step, "--document", "12-NQ/CB", "--stored-at", "tủ chi ủy, cặp 3", "--json")
    assert ran.code == 0, ran.err
    assert "nơi lưu" in ran.json["changes"][0]
    assert "số 12-NQ/CB; lưu tại tủ chi ủy, cặp 3" in dubi("show", "HS-01").out
    shown = dubi("show", "HS-01", "--json").json["steps"]
    assert [one["stored_at"] for one in shown if one["document"] == "12-NQ/CB"] == ["tủ chi ủy, cặp 3"]
    assert "nơi lưu" in dubi("log", "--case", "HS-01").out
    dubi("export", "so.xlsx")
    sheet = python_calamine.CalamineWorkbook.from_path(tmp_path / "so.xlsx").get_sheet_by_name("Bước").to_python()
    assert sheet[0][-1] == "Nơi lưu"
    assert [row[-1] for row in sheet if row[3] == "12-NQ/CB"] == ["tủ chi ủy, cặp 3"]
    assert dubi("correct", "HS-01", "chi-bo-xet-chinh-thuc", "--stored-at", "kho lưu trữ đảng ủy").code == 0
    assert "lưu tại kho lưu trữ đảng ủy" in dubi("show", "HS-01").out
    assert dubi("import", "so.xlsx", "--apply").code == 0  # the file says what it said at its export: the store stands
    assert "lưu tại kho lưu trữ đảng ủy" in dubi("show", "HS-01").out
    place = ("--document", "7-QĐ", "--stored-at", "tủ 2", "--confirm")
    assert dubi("move", "HS-02", "--to", "ngoai-tinh", "--on", "6/5/2026", *place).code == 0
    assert "số 7-QĐ; lưu tại tủ 2" in dubi("show", "HS-02").out
    assert dubi("leave", "HS-03", "--kind", "xin-ra", "--on", "6/5/2026", *place).code == 0
    assert "số 7-QĐ; lưu tại tủ 2" in dubi("show", "HS-03").out
    for _ in range(5):
        assert dubi("undo").code == 0
    assert "lưu tại" not in dubi("show", "HS-01").out
    assert book.exists()
