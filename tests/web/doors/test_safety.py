"""Backups and the first start from the page."""

from __future__ import annotations

import html
from pathlib import Path

from tests.web.conftest import DATA, Own
from tests.web.writing.test_changing import begun, mine, stored
from tests.web.writing.test_importing import empty, fresh, seen
from tests.web.writing.test_recording import hidden

__all__ = ["begun", "empty", "fresh", "mine"]


def test_a_backup_is_made_and_put_back(mine: Own, tmp_path: Path) -> None:
    """A backup made on the page, put back after a write that it does not have: what is lost is told and asked first."""
    before = stored(mine.store)
    made = mine.post("/quan-tri/sao-luu", {"noi": str(tmp_path / "ban-sao.sqlite")})
    assert made.status_code == 200
    assert (tmp_path / "ban-sao.sqlite").is_file()
    shown = mine.post("/ghi/target-set/xem", {"unit": "CB-01", "year": "2026", "value": "9"})
    sent = {"change": hidden(shown.text, "change"), "seen": hidden(shown.text, "seen"), "confirmed": "1"}
    assert mine.post("/ghi/target-set", sent).status_code == 303
    after = stored(mine.store)
    assert after != before
    answer = mine.post("/quan-tri/phuc-hoi", {"tep": str(tmp_path / "ban-sao.sqlite")})
    assert answer.status_code == 409
    assert stored(mine.store) == after
    for _ in range(5):
        agreed = [html.unescape(one) for one in _hidden_all(answer.text)]
        body = {"tep": str(tmp_path / "ban-sao.sqlite"), "da-dong-y": agreed}
        answer = mine.client.post(f"/quan-tri/phuc-hoi?token={mine.token}", data=body)
        if answer.status_code == 200:
            break
    assert answer.status_code == 200, html.unescape(answer.text)
    assert stored(mine.store) == before


def _hidden_all(page: str) -> list[str]:
    import re

    return re.findall(r'name="da-dong-y" value="([^"]*)"', page)


def test_a_place_that_is_none_is_refused(mine: Own, tmp_path: Path) -> None:
    """A path that is not whole, and a file that is no backup, are refused with a sentence; the store stays."""
    before = stored(mine.store)
    (tmp_path / "x.sqlite").write_bytes(b"x")
    for path, field, place in (
        ("/quan-tri/sao-luu", "noi", "sao-luu"),
        ("/quan-tri/phuc-hoi", "tep", ""),
        ("/quan-tri/phuc-hoi", "tep", str(tmp_path / "x.sqlite")),
    ):
        answer = mine.post(path, {field: place})
        assert answer.status_code == 422, (path, place)
        assert 'class="problem"' in answer.text
    assert stored(mine.store) == before


def test_the_first_start_leads_to_the_first_overdue_list(fresh: Own) -> None:
    """Unit and file on one page, the columns, the rows, the last button: then the work list has its people."""
    path = DATA / "chi-bo-nho.xlsx"
    assert fresh.client.get("/bat-dau").status_code == 200
    assert "/bat-dau" in fresh.client.get("/").text
    sent = fresh.client.post(
        f"/bat-dau?token={fresh.token}",
        data={"ma": "CB-01", "ten": "Chi bộ"},
        files={"tep": (path.name, path.read_bytes())},
    )
    assert sent.status_code == 303, html.unescape(sent.text)
    draft = sent.headers["location"].split("/")[2]
    fresh.client.post(f"/nhap/{draft}/cot?token={fresh.token}", data={"don-vi": "CB-01"})
    done = fresh.client.post(f"/nhap/{draft}/ghi?token={fresh.token}", data={"da-xem": seen(fresh, draft)})
    assert done.status_code == 200
    assert "/?muc=overdue" in done.text
    assert fresh.client.get("/?muc=overdue", headers={"accept": "application/json"}).json()["findings"]
