"""The guard at the door: who is let in, and that every answer, given or refused, bears the strict headers."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import PORT
from web.app import every_route, make_app
from web.guard import ENTRANCE
from web.refusals import for_a_page, without_commands
from web.sessions import Sessions

OWN = f"http://127.0.0.1:{PORT}"


def addresses() -> list[str]:
    """Every address that the application answers, with something in place of what it asks for."""
    app = make_app("", Sessions(""), lambda: PORT, lambda: None)  # type: ignore[arg-type, return-value]  # asked nothing
    return [route.path.replace("{", "").replace("}", "") for route in every_route(app)]


def test_nothing_is_answered_without_a_session(stranger: TestClient) -> None:
    """Every address but the entrance says 401 to a stranger, also that of a script."""
    asked = [*addresses(), "/tinh/dubi.css", "/khong-co"]
    assert len(asked) > 4
    for path in asked:
        if path != ENTRANCE:
            assert stranger.get(path).status_code == 401, path


def test_a_wrong_key_opens_nothing(stranger: TestClient) -> None:
    """The start key is compared whole; what is nearly it is refused with a sentence."""
    for key in ("", "the-start-ke", "the-start-key "):
        refused = stranger.get("/vao", params={"khoa": key})
        assert refused.status_code == 401
        assert "Dubi" in refused.text
        assert "set-cookie" not in refused.headers


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}"])
def test_a_foreign_host_is_misdirected(browser: TestClient, host: str) -> None:
    """A page of elsewhere that reaches this machine by another name gets nothing, session or not."""
    assert browser.get("/", headers={"host": host}).status_code == 421


def test_a_change_needs_our_origin_and_the_token(browser: TestClient) -> None:
    """A POST from another origin, or without the token of the session, is refused before any page sees it."""
    assert browser.post("/").status_code == 403
    assert browser.post("/?token=wrong").status_code == 403
    assert browser.post("/", headers={"origin": "http://evil.example"}).status_code == 403
    assert browser.get("/", headers={"origin": "http://evil.example"}).status_code == 403
    page = browser.get("/").text
    token = page.partition('"X-Dubi-Token": "')[2].partition('"')[0]
    assert len(token) > 20
    passed = browser.post("/", headers={"origin": OWN, "x-dubi-token": token})
    assert passed.status_code == 405  # let through the door; the work list takes no change


def test_every_answer_is_bounded(browser: TestClient, stranger: TestClient) -> None:
    """Answers and refusals alike are kept nowhere, and load nothing from elsewhere."""
    for response in (browser.get("/"), browser.get("/khong-co"), browser.get("/ngay", params={"viet": "x"})):
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["server-timing"].startswith("desk;dur=")


def test_a_body_is_bounded(browser: TestClient) -> None:
    """A body that says it is larger than any list of people is not read."""
    token = browser.get("/").text.partition('"X-Dubi-Token": "')[2].partition('"')[0]
    headers = {"content-length": str(10**9), "x-dubi-token": token}
    assert browser.post("/", headers=headers).status_code == 413


def test_a_page_names_no_command(browser: TestClient) -> None:
    """What only a command can be told is left out of a page, and something that can be done there is said instead."""
    for path in ("/bieu/khong-co", "/nguoi/khong-co-ai", "/nhat-ky/khong-co"):
        program = browser.get(path, headers={"accept": "application/json"}).json()
        page = browser.get(path)
        assert page.status_code == 404
        assert "dubi " not in page.text.partition("<body>")[2], path
        assert "khong-co" in page.text
        assert "dubi " not in program["error"] or "Việc phải làm rồi chọn lại" in page.text
    said = "Không có “x”. Xem bằng lệnh: dubi units. Hoặc thêm --unit MÃ."
    assert without_commands(said) == "Không có “x”."
    assert for_a_page("Xem: dubi doctor") == "Xem: dubi doctor"


def test_a_failure_says_what_to_do(browser: TestClient) -> None:
    """As JSON, a failure is an error with a hint; an address that is not there says so."""
    refused = browser.get("/khong-co", headers={"accept": "application/json"})
    assert (refused.status_code, set(refused.json())) == (404, {"error", "hint"})
    refused = browser.get("/", params={"ngay": "31/02/2026"}, headers={"accept": "application/json"})
    assert refused.status_code == 422
    assert "31/02/2026" in refused.json()["error"]
