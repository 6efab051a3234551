"""Slips of the pen, as a secretary makes them: each is caught before it is written, with what is wrong and what to do.

One test for each line of what `docs/ghi-so.md` and the issue of the lost step say.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.changes.page import PAGE
from cases.store.reading import read_store
from tests.cases.files.workbooks import case_book
from tests.cli.conftest import Dubi, Ran

TODAY = date(2026, 11, 29)
CANDIDATE: dict[str, Any] = {
    "full_name": "Trần Văn Mẫu", "born_on": date(1990, 5, 15), "unit": "CB-1", "schooling": "upper_secondary",
    "ethnicity": "Kinh", "religion": "Không", "sex": "Nam", "youth_union": "x",
    "candidate_on": date(2024, 3, 4), "awareness_certified_on": date(2024, 9, 5), "dossier_opened_on": date(2026, 3, 2),
}  # fmt: skip
PROPOSED = {**CANDIDATE, "cell_proposed_admission_on": date(2026, 4, 6)}
APPROVED = {**PROPOSED, "admission_decided_on": date(2026, 4, 20), "admission_decision_received_on": date(2026, 4, 22)}
PROBATIONARY = {**APPROVED, "admitted_on": date(2026, 5, 6)}
ENDED = {
    **CANDIDATE, "dossier_opened_on": date(2024, 9, 9), "cell_proposed_admission_on": date(2024, 10, 7),
    "admission_decided_on": date(2024, 11, 4), "admission_decision_received_on": date(2024, 11, 6),
    "admitted_on": date(2024, 12, 3), "new_member_certified_on": date(2025, 6, 2),
    "cell_proposed_recognition_on": date(2025, 12, 8),
}  # fmt: skip
OFFICIAL = {**ENDED, "recognition_decided_on": date(2025, 12, 22), "recognised_from": date(2025, 12, 3)}
PEOPLE: dict[str, dict[str, Any]] = {
    "UV": CANDIDATE,
    "TRE": {**CANDIDATE, "born_on": date(2009, 6, 1), "candidate_on": date(2026, 2, 2), "schooling": "lower_secondary"},
    "CU": {**CANDIDATE, "candidate_on": date(2019, 3, 4), "awareness_certified_on": date(2020, 3, 2)},
    "QD": APPROVED,
    "DB": PROBATIONARY,
    "HET": ENDED,
    "CT": OFFICIAL,
    "CTQD": {**ENDED, "recognition_decided_on": date(2025, 12, 22)},
    "DI": {**OFFICIAL, "moved_out_on": date(2026, 6, 1), "moved_to": "out_of_province"},
    "RA": {**OFFICIAL, "left_on": date(2026, 6, 1), "exit_kind": "resigned"},
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with somebody at each stage of the way; each of another name and birth day."""
    rows = [
        {"code": code, **fields, "full_name": f"Trần Văn {'ABCDEGHIKL'[n]}nh",
         "born_on": fields["born_on"].replace(day=n + 2)}
        for n, (code, fields) in enumerate(PEOPLE.items())
    ]  # fmt: skip
    units: list[dict[str, Any]] = [{"code": "CB-1", "level": "cell"}, {"code": "CB-2", "level": "cell"}]
    courses = [{"code": "L1", "kind": "new_member", "opened_on": date(2026, 6, 1)}]
    enrolments = [{"course": "L1", "case": "DB"}]
    path = tmp_path_factory.mktemp("slips") / "so.xlsx"
    return case_book(path, *rows, units=units, courses=courses, enrolments=enrolments)


@pytest.fixture
def filled(dubi: Dubi, store: Path, kept: Path) -> Path:
    """The workbook in a store of its own."""
    ran = dubi("import", kept, "--apply")
    assert ran.code == 0, ran.err
    return store


def asked(dubi: Dubi, store: Path, *command: str) -> dict[str, str]:
    """What is asked before a command writes, by code; nothing has been written then."""
    before = read_store(f"sqlite:///{store}")
    ran = dubi(*command, "--json")
    assert ran.code == 3, (command, ran.out, ran.err)
    assert read_store(f"sqlite:///{store}") == before
    return {one["code"]: one["message"] for one in ran.json["doubts"]}


def finding(dubi: Dubi, rule: str, on: str, case: str) -> str:
    """The sentence of a finding of `check`."""
    found = dubi("check", "--as-of", on, "--json").json["findings"]
    (message,) = [one["message"] for one in found if (one["rule"], one["case"]) == (rule, case)]
    return str(message)


STEPS_OF_ONE = tuple(
    word
    for name, on in OFFICIAL.items()
    if isinstance(on, date) and name != "born_on"
    for word in ("--set", f"{name}={on:%d/%m/%Y}")
)
"""The steps of somebody who is there, as `add` is given them."""
SLIPS: dict[str, tuple[tuple[str, ...], str]] = {
    "Ghi ngày công nhận chính thức khi chưa ghi quyết định: hỏi, vì chính thức phải có quyết định.": (
        ("record", "HET", "chinh-thuc", "--on", "03/12/2025"),
        "needed_missing",
    ),
    "Ghi ngày công nhận chính thức khi mới dự bị ba tháng: hỏi, và nêu ngày hết thời gian dự bị.": (
        ("record", "DB", "chinh-thuc", "--on", "06/08/2026"),
        "official_day_differs",
    ),
    "Ghi lần nữa nghị quyết chi bộ xét chính thức: hỏi lần nào có hiệu lực; lần cũ vẫn còn trong hồ sơ.": (
        ("record", "HET", "chi-bo-xet-chinh-thuc", "--on", "13/04/2026"),
        "recorded_again",
    ),
    "Ghi nghị quyết kết nạp cho người mười bảy tuổi: hỏi, bằng câu của `dubi check`.": (
        ("record", "TRE", "chi-bo-xet-ket-nap", "--on", "08/06/2026"),
        "held_back",
    ),
    "Ghi nghị quyết kết nạp khi giấy chứng nhận đã quá hạn: hỏi, bằng câu của `dubi check`.": (
        ("record", "CU", "chi-bo-xet-ket-nap", "--on", "08/06/2026"),
        "held_back",
    ),
    "Ghi lễ kết nạp quá hạn mà chưa ghi văn bản đồng ý làm lễ chậm: hỏi.": (
        ("record", "QD", "ket-nap", "--on", "08/09/2026"),
        "ceremony_late",
    ),
    "Chuyển đi một người đã chuyển đi: hỏi.": (
        ("move", "DI", "--to", "trong-tinh", "--on", "01/09/2026"),
        "after_departure",
    ),
    "Chuyển sang chi bộ khác trong sổ một người đã chuyển đi nơi khác: hỏi.": (
        ("move", "DI", "--to", "CB-2", "--on", "01/09/2026"),
        "after_departure",
    ),
    "Chuyển đi một người đã ra khỏi Đảng: hỏi.": (
        ("move", "RA", "--to", "ngoai-tinh", "--on", "01/09/2026"),
        "after_exit",
    ),
    "Ghi chuyển đến cho một người đã ra khỏi Đảng: hỏi.": (
        ("move", "RA", "--from", "ngoai-tinh", "--on", "01/09/2026"),
        "after_exit",
    ),
    "Ghi một bước sau ngày đã chuyển đi: hỏi, vì bước ấy thuộc nơi mới.": (
        ("record", "DI", "sinh-hoat-chi-bo", "--on", "03/08/2026"),
        "after_departure",
    ),
    "Ghi một bước sau ngày ra khỏi Đảng: hỏi.": (
        ("record", "RA", "sinh-hoat-chi-bo", "--on", "03/08/2026"),
        "after_exit",
    ),
    "Ghi ra khỏi Đảng cho một quần chúng chưa kết nạp: hỏi.": (
        ("leave", "UV", "--kind", "xin-ra", "--on", "03/08/2026"),
        "needed_missing",
    ),
    "Ghi ngày ra khỏi Đảng mà không có hình thức (dùng `record` thay cho `leave`): hỏi.": (
        ("record", "CT", "ra-khoi-dang", "--on", "03/08/2026"),
        "exit_formless",
    ),
    "Ghi ngày chuyển đi mà không có nơi (dùng `record` thay cho `move`): hỏi.": (
        ("record", "CT", "chuyen-di", "--on", "03/08/2026"),
        "place_missing",
    ),
    "Ghi hình thức ra khỏi Đảng mà không có ngày: hỏi; người ấy vẫn đang được tính.": (
        ("correct", "CT", "Hình thức ra khỏi Đảng=Xin ra"),
        "exit_undated",
    ),
    "Ghi nơi chuyển đi mà không có ngày: hỏi.": (("correct", "CT", "Chuyển đi đâu=Đảng bộ xã Mẫu"), "place_undated"),
    "Xoá quyết định của một đảng viên chính thức: hỏi, vì ngày công nhận không còn căn cứ.": (
        ("correct", "CT", "Ngày quyết định chính thức="),
        "needed_missing",
    ),
    "Sửa làm một đảng viên chính thức trở lại dự bị: hỏi.": (
        ("correct", "CTQD", "Ngày quyết định chính thức="),
        "goes_back",
    ),
    "Ghi nghị quyết xét chính thức cho một quần chúng chưa kết nạp: hỏi.": (
        ("record", "UV", "chi-bo-xet-chinh-thuc", "--on", "08/06/2026"),
        "needed_missing",
    ),
    "Ghi nghị quyết xét chính thức khi chưa hết thời gian dự bị: hỏi, bằng câu của `dubi check`.": (
        ("record", "DB", "chi-bo-xet-chinh-thuc", "--on", "03/08/2026"),
        "comes_blocked",
    ),
    "Thêm một người trùng họ tên, ngày sinh với người đã có: hỏi.": (
        ("add", "--name", "Trần Văn Anh", "--born", "02/05/1990"),
        "same_person",
    ),
    "Thêm hồ sơ thứ hai, cùng Mã người, cho một người đang ở đơn vị mình: hỏi.": (
        ("add", "--name", "Trần Văn Hnh", "--unit", "CB-2", "--set", "Mã người=CT"),
        "person_kept_twice",
    ),
    "Thêm một người cùng họ tên và các bước cùng ngày với người đã có, khác ngày sinh: hỏi.": (
        ("add", "--name", "Trần Văn Hnh", "--born", "20/05/1990", *STEPS_OF_ONE),
        "same_steps",
    ),
    "Cấp giấy chứng nhận trước ngày mở lớp: hỏi.": (
        ("course", "certify", "L1", "--on", "30/05/2026"),
        "certified_early",
    ),
}


def test_the_page_says_what_is_tried_here() -> None:
    """`docs/ghi-so.md` promises these slips and no others: each line of it is one that is tried below."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition("## Những chỗ hay ghi nhầm\n")
    lines = section.partition("\n## ")[0].splitlines()
    assert [line.removeprefix("- ") for line in lines if line.startswith("- ")] == list(SLIPS)


def test_every_slip_is_asked_before_it_is_written(dubi: Dubi, filled: Path) -> None:
    """Each slip ends with code 3 and nothing written; what is asked says what is wrong and what to do."""
    for name, (command, code) in SLIPS.items():
        doubts = asked(dubi, filled, *command)
        assert code in doubts, (name, doubts)


def test_what_check_calls_blocked_is_asked_in_its_own_words(dubi: Dubi, filled: Path) -> None:
    """The question before a deciding step is the finding's own sentence, as of the day of the step."""
    for case, rule in (("TRE", "admission.under_age"), ("CU", "admission.certificate_expired")):
        doubts = asked(dubi, filled, "record", case, "chi-bo-xet-ket-nap", "--on", "08/06/2026")
        assert finding(dubi, rule, "2026-06-08", case) in doubts["held_back"]


def test_a_repeated_step_leaves_the_earlier_one_in_the_record(dubi: Dubi, filled: Path) -> None:
    """Confirmed, the later resolution holds and the earlier one stays among the steps."""
    step = ("record", "HET", "chi-bo-xet-chinh-thuc", "--on", "13/04/2026")
    assert "08/12/2025" in asked(dubi, filled, *step)["recorded_again"]
    assert dubi(*step, "--confirm").code == 0
    (record,) = [one for one in read_store(f"sqlite:///{filled}").records if one.code == "HET"]
    assert record.fields["cell_proposed_recognition_on"] == date(2026, 4, 13)
    assert date(2025, 12, 8) in [one.on for one in record.steps if one.kind == "cell_proposed_recognition_on"]


def test_agreed_late_ceremony_is_not_asked(dubi: Dubi, filled: Path) -> None:
    """With the agreement of the level above recorded first, a late ceremony is written at once."""
    assert dubi("record", "QD", "dong-y-lam-le-cham", "--on", "03/09/2026").code == 0
    ran = dubi("record", "QD", "ket-nap", "--on", "08/09/2026", "--json")
    assert "ceremony_late" not in {one["code"] for one in ran.json["doubts"]}, ran.out


def test_the_right_steps_are_written_without_a_question(dubi: Dubi, filled: Path) -> None:
    """What follows the rules is written at once: nothing is asked twice or for nothing."""
    for command in (
        ("record", "UV", "chi-bo-xet-ket-nap", "--on", "08/06/2026"),
        ("record", "QD", "ket-nap", "--on", "06/05/2026"),
        ("record", "HET", "quyet-dinh-chinh-thuc", "--on", "22/12/2025"),
        ("record", "HET", "chinh-thuc", "--on", "03/12/2025"),
        ("move", "CT", "--to", "CB-2", "--on", "01/09/2026"),
    ):
        ran = dubi(*command)
        assert ran.code == 0, (command, ran.err)


def test_a_unit_with_people_inside_is_not_closed_in_silence(dubi: Dubi, filled: Path) -> None:
    """Closing names who is still inside (people_inside) and waits for a yes; those who left or moved do not count."""
    ran = dubi("unit", "close", "CB-1", "--on", "01/10/2026")
    assert ran.code == 3
    assert "còn 8 người" in ran.err
    assert "dubi move" in ran.err
    assert "còn 8 người" in dubi("unit", "close", "CB-1", "--on", "01/10/2026", "--preview").err
    assert dubi("unit", "close", "CB-2", "--on", "01/10/2026").code == 0
    assert dubi("unit", "close", "CB-1", "--on", "01/10/2026", "--confirm").code == 0


def test_a_class_is_held_to_its_days(dubi: Dubi, filled: Path) -> None:
    """A class that closes before it opens is refused; a second certificate of another day is asked."""
    doubts = asked(dubi, filled, "course", "correct", "L1", "--closed", "01/05/2026")
    assert "closed_before_opened" in doubts
    assert dubi("course", "certify", "L1", "--on", "08/06/2026").code == 0
    assert "certified_anew" in asked(dubi, filled, "course", "certify", "L1", "DB", "--on", "09/06/2026")


def told(ran: Ran, *words: str) -> None:
    """The command went through and said this on stderr or stdout."""
    assert ran.code == 0, ran.err
    assert all(word in ran.out + ran.err for word in words), ran.out + ran.err


def test_import_check_and_doctor_tell_of_moves_and_exits(dubi: Dubi, store: Path, tmp_path: Path) -> None:
    """A form of exit without its day, a move without its place and overlapping stays are told by each reading door."""
    rows = [
        {"code": "HS-1", **OFFICIAL, "exit_kind": "resigned"},
        {"code": "HS-2", **OFFICIAL, "born_on": date(1991, 5, 5), "moved_out_on": date(2026, 6, 1)},
        {"code": "HS-3", **OFFICIAL, "born_on": date(1992, 5, 5), "moved_from": "in_province"},
    ]
    stays: list[dict[str, Any]] = [
        {"case": "HS-1", "unit": "CB-1", "since": date(2024, 1, 1), "until": date(2026, 1, 1)},
        {"case": "HS-1", "unit": "CB-2", "since": date(2025, 1, 1)},
    ]
    for row in rows:
        row.setdefault("moved_to", "in_province" if row["code"] == "HS-3" else None)
    units = [{"code": "CB-1"}, {"code": "CB-2"}]
    book = case_book(tmp_path / "so.xlsx", *rows, units=units, placements=stays)
    words = ("Có hình thức ra khỏi Đảng", "chưa ghi “Chuyển đi đâu”", "Cùng lúc ở hai đơn vị", "Có “Từ đâu chuyển đến”")
    told(dubi("import", book), *words)
    told(dubi("check", book), *words)
    assert dubi("import", book, "--apply").code == 0
    said = dubi("doctor")
    for title in (
        "hình thức ra khỏi Đảng mà không có ngày",
        "ngày chuyển mà không ghi nơi",
        "Hai nơi sinh hoạt trùng ngày",
    ):
        assert title in said.out + said.err
