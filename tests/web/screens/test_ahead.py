"""Twelve months ahead as a page: all of each list, a part at a time."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from starlette.testclient import TestClient

from desk.desk import Desk
from tests.web.conftest import TODAY
from web.screens import ahead

DAY = dt.date(2023, 6, 1)
START = {"ngay": DAY.isoformat(), "hop": "hang-thang"}
NEXT = r'href="(/sap-toi[^"]*)">Trang sau<span class="away">: {}<'


def parts(browser: TestClient, what: str) -> list[str]:
    """The pages that one comes by, following the link to the next part of a list to its end."""
    pages = [html.unescape(browser.get("/sap-toi", params=START).text)]
    while following := re.findall(NEXT.format(what), pages[-1]):
        pages.append(html.unescape(browser.get(following[0]).text))
    return pages


def test_each_list_is_shown_a_part_at_a_time(browser: TestClient, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going on page by page one meets every line once, in order; a place that there is not is the beginning."""
    desk = Desk(store, today=TODAY)
    found = desk.ahead(desk.ask(as_of=DAY), "hang-thang")
    late = [one.case for month in found.months for one in month.late or ()]
    lists = {
        "ai sẽ quá hạn": ('id="muon"', 'id="don-vi"', r'<li data-row><a href="/nguoi/([^?"]+)', late),
        "từng đơn vị": (
            'id="don-vi"',
            'id="ai"',
            r'<tr data-row><th scope="row">([^<]+)</th>',
            [unit.unit for unit in found.by_unit for _ in unit.months],
        ),
        "ai, hạn nào": ('id="ai"', "</main>", r'<a href="/nguoi/([^?"]+)', [one.case for one in found.limits]),
    }
    for what, (begins, ends, line, expected) in lists.items():
        monkeypatch.setattr(ahead, "A_PART", max(1, len(set(expected)) // 4))
        pages = parts(browser, what)
        # the list itself, without the other lists of the page
        met = [name for page in pages for name in re.findall(line, page.partition(begins)[2].partition(ends)[0])]
        assert met == expected, what
        assert len(pages) > 1, what
    first = browser.get("/sap-toi", params=START).text
    assert browser.get("/sap-toi", params={**START, "tu": "100000"}).text.count("data-row") == first.count("data-row")
