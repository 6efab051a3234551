"""What is sensitive is on no page until it is asked for there, with a reason; then it is, and the log says so."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from cases.store.connection import initialise
from desk.personal.readings import readings
from tests.given.sensitive import WORDS, fill, told
from tests.web.conftest import Own
from tests.web.writing.test_importing import sent
from tests.whole import WHOLE, some
from web.app import every_route

WHY = "thử, họp chi bộ"
PLACES = {
    "code": ("HS-1", "HS-2"),
    "batch": ("1", "2", "3"),
    "indicator": ("admission.ethnic_minority", "admission.religious"),
    "form": ("F2", "F10"),
    "kind": ("correct", "move", "leave", "case-join", "case-recode", "case-remove", "docx", "xlsx"),
    "name": ("nhap-so",),
    "paper": ("to-trinh-ket-nap",),
    "rule": ("special.religion",),
    "parameter": ("data.view_limit",),
    "draft": ("khong-co",),
}
"""What stands for each part of an address."""
PERIOD = {"tu": "2009-01-01", "den": "2026-11-20"}
PREVIEWS = (
    ("/ghi/correct/xem", {"case": "HS-1", "column.ethnicity": "Kinh"}),
    ("/ghi/case-join/xem", {"case": "HS-1", "other": "HS-3"}),
    ("/ghi/case-remove/xem", {"case": "HS-1"}),
    ("/ghi/case-recode/xem", {"case": "HS-1", "code": "HS-9"}),
    ("/nguoi/HS-1/ghi/xem", {"step": "admitted_on", "on": "03/02/2026"}),
)


@pytest.fixture
def peopled(tmp_path: Path) -> Own:
    """A browser before a store with the two people."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    initialise(url)
    fill(url, tmp_path)
    return Own(url)


OF_NOBODY = {
    "/ghi/leave": {"exit_kind"},
    "/quy-tac/doi-chieu": {"removal_ground"},
    "/so-lieu": {"discipline_form", "exit_kind"},
}
"""Pages on which words of a code list stand as choices, as rules or as names of figures: of nobody."""


def addresses(own: Own) -> list[str]:
    """Every address that answers to GET, with each of the values that stand for its parts."""
    found = []
    for route in every_route(own.client.app):  # type: ignore[arg-type]  # an application of Starlette
        if "GET" not in (route.methods or ()):
            continue
        paths = [route.path]
        for name, values in PLACES.items():
            paths = (
                [path.replace(f"{{{name}}}", value) for path in paths for value in values]
                if any(f"{{{name}}}" in path for path in paths)
                else paths
            )
        found += paths
    return sorted({path for path in found if "{" not in path} - {"/vao", "/song"})


def text_of(answer: Response) -> str:
    """What an answer says; of what is packed, what is in it."""
    if answer.content[:2] != b"PK":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_no_page_shows_it_unasked(peopled: Own) -> None:
    """Every address, as a page and as JSON, and the previews of changes: no value of either person is in any answer."""
    shown, opened = {}, 0
    for path in some(addresses(peopled)):
        for accept in ("text/html", "application/json"):
            answer = peopled.client.get(path, params=PERIOD, headers={"accept": accept})
            opened += answer.status_code == 200
            text = text_of(answer)
            assert path not in OF_NOBODY or "HS-2" not in text
            if found := told(text) - OF_NOBODY.get(path, set()):
                shown[path, accept] = found
    for path, typed in some(PREVIEWS):
        answer = peopled.post(path, typed)
        opened += answer.status_code == 200
        if found := told(answer.text):
            shown[path, "preview"] = found
    assert shown == {}
    assert opened > (60 if WHOLE else 12)
    assert readings(peopled.store).number == 0


def test_a_page_shows_it_when_asked(peopled: Own) -> None:
    """Asked for with a reason the page and its JSON show what there is, other pages do not; each load is one entry."""
    found = set[str]()
    pages = ("/nguoi/HS-1", "/nguoi/HS-2", "/nhat-ky/2", "/nhat-ky/3")
    for path in pages:
        before = readings(peopled.store).number
        asked = peopled.post("/hien-nhay-cam", {"trang": f"{path}?ngay=2026-03-01", "ly-do": WHY})
        assert (asked.status_code, asked.headers["location"]) == (303, f"{path}?ngay=2026-03-01")
        answer = peopled.client.get(path)
        assert "Đang hiện dữ liệu nhạy cảm" in answer.text
        found |= told(answer.text)
        cases = [one.case for one in readings(peopled.store).readings[before:]]
        assert len(cases) == len(set(cases)) > 0, path
    assert found == WORDS.keys()
    log = readings(peopled.store)
    assert {(one.why, bool(one.who)) for one in log.readings} == {(WHY, True)}
    assert log.broken is None
    assert told(peopled.client.get("/nguoi/HS-3").text) == set()
    assert peopled.post("/che-nhay-cam", {"trang": "/nguoi/HS-1", "ly-do": ""}).status_code == 303
    assert told(peopled.client.get("/nguoi/HS-1").text) == set()


def test_what_a_file_says_otherwise_is_masked(peopled: Own, tmp_path: Path) -> None:
    """Of a workbook that differs from the store the page tells that it does, and whose; from what only when asked."""
    path = f"/nhap/{sent(peopled, tmp_path / 'khac.xlsx')}/xem"
    shown = peopled.client.get(path)
    assert (shown.status_code, told(shown.text)) == (200, set())
    assert "Tôn giáo: đã sửa (đã che)" in shown.text
    assert peopled.post("/hien-nhay-cam", {"trang": path, "ly-do": WHY}).status_code == 303
    assert told(peopled.client.get(path).text) >= {"religion", "ethnicity"}
    assert {one.case for one in readings(peopled.store).readings} == {"HS-1"}


def test_names_behind_a_figure_are_asked_for(peopled: Own) -> None:
    """Who is behind a figure by a sensitive fact is named on that page alone, once it was asked for."""
    path = "/so-lieu/admission.ethnic_minority/nguoi"
    assert "HS-2" not in peopled.client.get(path, params=PERIOD).text
    peopled.post("/hien-nhay-cam", {"trang": path, "ly-do": WHY})
    assert "HS-2" in peopled.client.get(path, params=PERIOD).text
    assert [(one.case, one.fields) for one in readings(peopled.store).readings] == [("HS-2", ("ethnicity",))]


@pytest.mark.parametrize(
    ("page", "why", "status"),
    [
        ("/nguoi/HS-1", "  ", 422),
        ("/nguoi/HS-1", "x" * 201, 422),
        ("//evil.example/", WHY, 422),
        ("https://x/", WHY, 422),
    ],
)
def test_a_reason_and_a_page_of_ours_are_needed(peopled: Own, page: str, why: str, status: int) -> None:
    """No reason, one without end, or a page elsewhere: refused, and nothing is shown."""
    assert peopled.post("/hien-nhay-cam", {"trang": page, "ly-do": why}).status_code == status
    assert told(peopled.client.get("/nguoi/HS-1").text) == set()


def test_what_cannot_be_written_down_does_not_leave(peopled: Own) -> None:
    """Where the reading log cannot be written the page is a sentence, and shows nothing."""
    peopled.post("/hien-nhay-cam", {"trang": "/nguoi/HS-1", "ly-do": WHY})
    (Path(peopled.store.removeprefix("sqlite:///")).parent / "desk.sqlite").write_bytes(b"no database" * 2_000)
    answer = peopled.client.get("/nguoi/HS-1")
    assert (answer.status_code, told(answer.text)) == (500, set())
    assert isinstance(peopled.client, TestClient)
