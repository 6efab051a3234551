"""What is typed into an address by hand: read, or refused with a sentence that shows it; never a broken page."""

from __future__ import annotations

from starlette.testclient import TestClient

from desk.question import MOST_WRITES
from tests.whole import some
from web.app import every_route
from web.screens.work import A_PAGE

JSON = {"accept": "application/json"}
NUMBERS = ("²", "٣", "9" * 2000, "-1", "1e3", "mười", "0x10")
"""What a number is not, though it may look like one."""
NAMED = {
    "/": ("tu", "muc", "giu", "gd"),
    "/nguoi": ("gd",),
    "/nhat-ky": ("so",),
    "/sap-toi": ("tu", "tu-muon", "tu-don-vi", "hop"),
    "/quan-tri/lich/tep": ("trong",),
}
"""The names of an address behind which a number or one of some words stands."""


def test_what_is_no_number_and_no_word_of_ours_is_said(browser: TestClient) -> None:
    """Each such name with what it cannot be is refused by a sentence that shows what stood there, cut short."""
    for path, names in NAMED.items():
        for name in names:
            for text in NUMBERS:
                answered = browser.get(path, params={name: text})
                assert answered.status_code in (404, 422), (path, name, text[:9], answered.status_code)
                assert text[:20] in answered.text, (path, name, text[:9])
                assert len(answered.text) < 20_000, (path, name)


def test_as_many_writes_as_the_command_shows(browser: TestClient) -> None:
    """None and more than the command gives are refused; the page holds no more than was asked for."""
    for number in (0, MOST_WRITES + 1):
        assert browser.get("/nhat-ky", params={"so": str(number)}).status_code == 422
    assert len(browser.get("/nhat-ky", params={"so": "1"}, headers=JSON).json()) == 1


def test_no_address_breaks_a_page(browser: TestClient) -> None:
    """Every page without a part of its own in its address answers or refuses, whatever stands behind all names.

    `make test` asks a fifth of them.
    """
    paths = sorted({one.path for one in every_route(browser.app) if "{" not in one.path})  # type: ignore[arg-type]  # the desk's application
    assert len(paths) > 15
    names = ("tu", "so", "ngay", "biet", "den", "buoc", "vao", "q", "don-vi", "ho-so", "trong", "het", "ai", "viet")
    for path in some(path for path in paths if path != "/song"):
        for text in ("²", "9" * 2000, "\x00", "%", "31/12/2100"):
            undated = [name for name in names if name not in ("ngay", "biet")]
            for query in (dict.fromkeys(names, text), dict.fromkeys(undated, text)):
                answered = browser.get(path, params=query, follow_redirects=False)
                assert answered.status_code < 500, (path, text[:9], answered.text[-300:])


def test_from_beyond_the_end_the_list_begins_anew(browser: TestClient) -> None:
    """A link to a part that is there no more leads to the first."""
    first = browser.get("/").text
    assert f"từ 1 đến {A_PAGE}." in first
    assert f"từ 1 đến {A_PAGE}." in browser.get("/", params={"tu": "999999"}).text
