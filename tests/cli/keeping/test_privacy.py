"""The reading log, requests with their limits, times of keeping, and the papers made from what really is."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from cases.values.records import Record, Roster, Unit
from desk.accounts.opening import writing
from desk.accounts.tables import READINGS
from desk.personal.readings import readings
from tests.cases.log.test_taking_back import put
from tests.cli.conftest import Dubi


@pytest.fixture
def kept(dubi: Dubi, store: Path) -> str:
    """Somebody who left, somebody who moved out on an unknown day, a candidate; some readings of two of them."""
    unit = Unit("A", "Chi bộ A", "cell", "commune")
    known = {"unit": "A", "religion": "Đạo Hiếm"}
    people = (
        Record("HS-1", {"code": "HS-1", "full_name": "Người Một", **known, "left_on": date(2020, 3, 4)}),
        Record("HS-2", {"code": "HS-2", "full_name": "Người Hai", **known, "moved_out_partly": "x"}),
        Record("HS-3", {"code": "HS-3", "full_name": "Người Ba", **known, "candidate_on": date(2020, 3, 4)}),
    )
    url = f"sqlite:///{store}"
    put(url, Roster(people, (unit,)))
    for case in ("HS-1", "HS-2", "HS-1"):
        assert dubi("show", case, "--show-sensitive", "thử", DUBI_USER="An").code == 0
    return url


def lines(path: Path) -> str:
    """A paper as text."""
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def test_readings_are_listed(dubi: Dubi, kept: str) -> None:
    """All of them, of one case, of a time; no value and no name stands in what is kept."""
    found = dubi("privacy", "readings", "--json").json
    assert [(one["number"], one["case"], one["who"]) for one in found["readings"]] == [
        (1, "HS-1", "An"),
        (2, "HS-2", "An"),
        (3, "HS-1", "An"),
    ]
    assert (found["holds"], found["entries"]) == (True, 3)
    assert len(dubi("privacy", "readings", "--case", "HS-2", "--json").json["readings"]) == 1
    assert dubi("du-lieu-ca-nhan", "nhat-ky-doc", "--to", "2020-01-01", "--json").json["readings"] == []
    kept_there = Path(kept.removeprefix("sqlite:///")).with_name("desk.sqlite").read_bytes().decode("utf-8", "replace")
    assert "Đạo Hiếm" not in kept_there
    assert "Người Một" not in kept_there


@pytest.mark.parametrize(
    "what",
    [
        "UPDATE readings SET who = 'Bình' WHERE id = 2",
        "UPDATE readings SET said = replace(said, 'thử', 'khác') WHERE id = 2",
        "DELETE FROM readings WHERE id = 1",
        "DELETE FROM readings WHERE id = 2",
        "UPDATE readings SET read_at = '2020-01-01 00:00:00.000000' WHERE id = 1",
    ],
)
def test_tampering_shows(dubi: Dubi, kept: str, what: str) -> None:
    """Whatever is changed in an entry or taken out before another is told, and ends with 1."""
    with sqlite3.connect(Path(kept.removeprefix("sqlite:///")).with_name("desk.sqlite")) as file:
        file.execute(what)
    file.close()
    ran = dubi("privacy", "readings")
    assert ran.code == 1
    assert "đã bị can thiệp" in ran.err
    (told,) = [one for one in dubi("doctor", "--json").json["checks"] if one["check"] == "readings"]
    assert told["state"] == "broken"


def test_what_is_kept_too_long_is_let_go_of_and_said(dubi: Dubi, kept: str) -> None:
    """Entries older than they are kept go when somebody says so; the log says how many, and its chain holds."""
    with writing(kept) as connection:
        connection.execute(READINGS.delete())
    with pytest.MonkeyPatch.context() as changed:
        import cases.store.writing as clock

        real = clock.new_batch

        def long_ago(*given: object, **named: object) -> clock.Batch:
            made = real(*given, **named)  # type: ignore[arg-type]  # passed on
            return clock.Batch(made.id, made.who, made.made_at.replace(year=2020), made.source, made.action)

        changed.setattr(clock, "new_batch", long_ago)
        dubi("show", "HS-1", "--show-sensitive", "thử")
    dubi("show", "HS-2", "--show-sensitive", "thử")
    assert dubi("privacy", "retention", "--json").json["readings_over"] == 1
    assert "Đã bỏ 1 mục" in dubi("privacy", "readings", "--let-go").err
    found = readings(kept)
    assert ([one.case for one in found.readings], found.readings[-1].let_go, found.broken) == (["HS-2", None], 1, None)


def test_requests_have_their_limits(dubi: Dubi, kept: str) -> None:
    """Limits run from the day it came: 2 working days to answer, 20 days to erase; late and closed are told."""
    made = dubi("privacy", "request", "add", "hs-3", "--kind", "xoa-bo", "--on", "2026-02-11", "--json").json
    assert (made["case"], made["kind"], made["answer_by"], made["do_by"]) == (
        "HS-3",
        "erase",
        "2026-02-13",
        "2026-03-03",
    )
    assert made["state"] == "overdue"
    assert "chưa có người đối chiếu" in dubi("privacy", "request", "list").out
    assert dubi("privacy", "request", "answer", "1", "--on", "2026-02-12").code == 0
    refused = dubi("privacy", "request", "close", "1", "--outcome", "refused")
    assert (refused.code, "căn cứ" in refused.err) == (3, True)
    assert dubi("privacy", "request", "close", "1", "--on", "2026-02-01").code == 3
    assert dubi("privacy", "request", "close", "1", "--outcome", "tu-choi", "--ground", "Quy chế lưu trữ 5").code == 0
    assert dubi("privacy", "request", "close", "1").code == 2
    assert dubi("privacy", "request", "list", "--json").json["requests"] == []
    (closed,) = dubi("privacy", "request", "list", "--all", "--json").json["requests"]
    assert (closed["state"], closed["outcome"], closed["answered_on"]) == ("closed", "refused", "2026-02-12")
    assert dubi("privacy", "request", "add", "HS-99", "--kind", "view").code == 2
    assert dubi("privacy", "request", "add", "HS-1", "--kind", "view", "--on", "2099-01-01").code == 3


def test_whose_time_is_over_is_listed(dubi: Dubi, kept: str) -> None:
    """From the day after so many years on the case is listed, with an unknown day apart; nothing is erased."""
    before, after = (
        dubi("privacy", "retention", "--as-of", day, "--json").json for day in ("2025-03-04", "2025-03-05")
    )
    assert before["over"] == []
    assert [(one["case"], one["stage"]) for one in after["over"]] == [("HS-1", "left"), ("HS-3", "candidate")]
    assert after["undated"] == ["HS-2"]
    assert "chưa đối chiếu" in dubi("privacy", "retention").out
    assert dubi("show", "HS-1").code == 0


def test_papers_say_what_is(dubi: Dubi, kept: str, tmp_path: Path) -> None:
    """The impact file, the access rules and the paper of a breach tell the real state, and name no article."""
    assert dubi("privacy", "file", "a.docx").code == 0
    assert dubi("privacy", "access", "b.docx", DUBI_USER="Lê Thị Chủ").code == 0
    said = ("--what", "Mất máy", "--since", "2026-01-01", "--detected", "2026-11-28 08:30")
    assert dubi("privacy", "breach", "c.docx", *said, "--end-sessions").code == 0
    impact, access, breach = (lines(tmp_path / name) for name in ("a.docx", "b.docx", "c.docx"))
    assert "Mã hoá kho: CHƯA" in impact
    assert "Số hồ sơ trong kho: 3" in impact
    assert "Nhật ký đọc dữ liệu nhạy cảm: 3 mục, chuỗi nguyên vẹn" in impact
    assert "không có tài khoản: Lê Thị Chủ" in access
    assert "Tôn giáo" in access
    assert "Phải báo cáo chậm nhất: 01/12/2026 08:30, 72 giờ" in breach
    assert breach.count("hồ sơ HS-1") == 2
    assert "Đã kết thúc mọi phiên làm việc: 0 phiên" in breach
    for text in (impact, access, breach):
        assert "Điều " not in text
        assert "chưa có người đối chiếu" in text
        assert "Người Một" not in text
    assert (
        dubi("privacy", "breach", "d.docx", "--what", "x", "--since", "2026-02-02", "--detected", "2026-02-01").code
        == 3
    )
    assert dubi("privacy", "file", "a.pdf").code == 3


def test_what_goes_out_whole_is_written_down(dubi: Dubi, kept: str) -> None:
    """All about a person for herself is whole, and stands in the reading log like any other reading."""
    before = readings(kept).number
    assert dubi("person", "export", "HS-1", "nguoi.json").code == 0
    (entry,) = readings(kept).readings[before:]
    assert (entry.case, "religion" in entry.fields) == ("HS-1", True)
