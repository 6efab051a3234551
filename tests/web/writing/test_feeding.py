"""The calendar by a secret address: who is let to it, what it tells, and that nothing else opens by it."""

from __future__ import annotations

import html
import re
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from desk.changes.values import RecordStep
from desk.desk import Desk
from desk.keeping.feed import Feed, switch_on
from desk.question import CALENDAR_DAYS, MOST_DAYS
from tests.web.chromium import serving
from tests.web.conftest import PORT, TODAY, Own
from tests.web.http import Visitor, fetched
from tests.whole import only_whole
from web.guard import MOST_FETCHES
from web.serving import serve
from web.writing.feeding import PLACE


def switched_on(own: Own, **typed: str) -> str:
    """The address that the page shows when the calendar is switched on, without the host."""
    page = html.unescape(own.post(PLACE, typed).text)
    (address,) = re.findall(r'value="(http://[^"]+\.ics)"', page)
    assert address.startswith(f"http://127.0.0.1:{PORT}/lich/")
    return str(urlsplit(address).path)


def fetching(own: Own) -> TestClient:
    """A calendar program: no cookie, no token."""
    return TestClient(own.client.app, base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False)


def written(own: Own, path: Path, unit: str | None, within: int, *, names: bool) -> bytes:
    """What the command writes."""
    desk = Desk(own.store, today=TODAY)
    desk.remind(desk.ask(unit=unit), within, MOST_DAYS, path, names=names)
    return path.read_bytes()


def test_it_gives_what_the_command_writes(own: Own, tmp_path: Path) -> None:
    """Without a session, for the unit and the days that were chosen, byte by byte; the file to take along likewise."""
    chosen = ((None, CALENDAR_DAYS, False), ("CB-04", 400, False), ("CB-04", 400, True))
    found = set()
    for number, (unit, within, names) in enumerate(chosen):
        typed = {"don-vi": unit or "", "trong": str(within), **({"ten": "1"} if names else {})}
        told = fetching(own).get(switched_on(own, **typed))
        assert told.headers["content-type"].startswith("text/calendar")
        assert told.content == written(own, tmp_path / f"{number}.ics", unit, within, names=names)
        assert own.client.get(f"{PLACE}/tep", params=typed).content == told.content
        assert b"BEGIN:VEVENT" in told.content
        found.add(told.content)
    assert len(found) == len(chosen)


def test_the_secret_is_kept_nowhere_and_opens_nothing_else(own: Own, tmp_path: Path) -> None:
    """Only a hash is on the disk; the address opens no page, by no other host, and changes nothing."""
    path = switched_on(own)
    secret = path.rpartition("/")[2].removesuffix(".ics")
    assert len(secret) > 40
    kept = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name.endswith(".lich.json") and file.stat().st_mode & 0o077 == 0 for file in kept)
    assert not any(secret.encode() in file.read_bytes() for file in kept)
    assert secret not in own.client.get(PLACE).text
    program = fetching(own)
    for other in ("/", "/quan-tri/lich", f"{PLACE}/tep", f"/lich/{secret}", f"/nguoi?khoa={secret}", "/lich/"):
        assert program.get(other).status_code in (401, 404), other
    assert program.get(f"/vao?khoa={secret}").status_code == 401
    assert program.post(path).status_code == 401
    assert program.get(path, headers={"host": "evil.example"}).status_code == 421
    assert program.get(path, headers={"origin": "http://evil.example"}).status_code == 403
    assert program.get(f"/lich/{secret[:-1]}.ics").status_code == 401
    assert "set-cookie" not in program.get(path).headers


def test_it_is_made_anew_and_switched_off(own: Own) -> None:
    """The earlier address opens nothing from then on; switched off, none does; a foreign page can do neither."""
    first, program = switched_on(own), fetching(own)
    second = switched_on(own)
    assert [program.get(path).status_code for path in (first, second)] == [401, 200]
    assert own.client.post(f"{PLACE}/tat").status_code == 403
    assert own.client.post(PLACE).status_code == 403
    assert program.get(second).status_code == 200
    assert own.post(f"{PLACE}/tat", {}).status_code == 303
    assert program.get(second).status_code == 401
    assert "Đang tắt" in own.client.get(PLACE).text


def test_what_cannot_be_told_is_refused(own: Own) -> None:
    """A unit that there is not, or no number of days: said in a sentence, and the calendar stays as it was."""
    path = switched_on(own)
    for typed in ({"don-vi": "KHONG-CO"}, {"trong": "0"}, {"trong": "²"}, {"trong": "-3"}, {"trong": "99999"}):
        refused = own.post(PLACE, typed)
        assert refused.status_code == 422, typed
        assert next(iter(typed.values())) in html.unescape(refused.text)
    assert fetching(own).get(path).status_code == 200


def test_it_follows_the_store_and_keeps_no_desk_open(own: Own) -> None:
    """What is fetched is the state of the store at that moment; a program that fetches is nobody at the desk."""
    presence = own.client.app.state.presence  # type: ignore[attr-defined]  # the client's application is ours
    path = switched_on(own, trong="400")
    seen = presence._seen
    before = fetching(own).get(path).content.replace(b"\r\n ", b"")
    assert presence._seen == seen
    code = re.findall(rb"dubi show ([A-Z]+-[0-9]+)", before)[0].decode()
    desk = Desk(own.store, today=TODAY)
    desk.commit(desk.preview(RecordStep(code, "left_on", on=TODAY)), confirmed=True)
    assert f"dubi show {code}".encode() in before
    assert f"dubi show {code}".encode() not in fetching(own).get(path).content.replace(b"\r\n ", b"")


def test_it_is_fetched_no_more_often_than_programs_do(own: Own) -> None:
    """Who tries secrets is told to wait, and whoever sits at the desk goes on."""
    program = fetching(own)
    answers = [program.get(f"/lich/{number}.ics").status_code for number in range(MOST_FETCHES + 5)]
    assert answers == [401] * MOST_FETCHES + [429] * 5
    assert own.client.get("/tro-giup").status_code == 200


def test_a_damaged_file_of_the_calendar_is_said_and_can_be_made_anew(own: Own, tmp_path: Path) -> None:
    """Whatever became of the file: nothing opens by it, the page says so, and switching on makes it anew."""
    path = switched_on(own)
    (file,) = tmp_path.glob("*.lich.json")
    for content in (
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b'{"unit": null, "within": "x", "names": 1, "hash": "h"}',
        b"\xff",
    ):
        file.write_bytes(content)
        assert fetching(own).get(path).status_code == 500
        shown = own.client.get(PLACE)
        assert (shown.status_code, "bị hỏng" in shown.text) == (422, True), content
        again = switched_on(own)
        assert fetching(own).get(again).status_code == 200


@only_whole
def test_a_calendar_program_keeps_its_address(own: Own, tmp_path: Path) -> None:
    """Over real HTTP, from one start of the server to the next: the right secret opens at the same port, a wrong one
    nothing; made anew, only the new one; switched off, none. Where another program has the port, the page says so.
    """
    store = Path(own.store.removeprefix("sqlite:///"))
    with serving(store, tmp_path) as address, Visitor(address) as visitor:
        first = visitor.switch_on()
        port = urlsplit(first).port
        assert fetched(first)[0] == 200
        assert fetched(first)[1].startswith(b"BEGIN:VCALENDAR")
        assert fetched(first.replace("/lich/", "/lich/x"))[0] == 401
    with serving(store, tmp_path) as address, Visitor(address) as visitor:
        assert urlsplit(address).port == port
        assert fetched(first)[0] == 200
        second = visitor.switch_on()
        assert [fetched(one)[0] for one in (first, second)] == [401, 200]
    taken = socket.create_server(("127.0.0.1", port or 0))
    with taken, serving(store, tmp_path) as address, Visitor(address) as visitor:
        assert urlsplit(address).port != port
        for page in (PLACE, "/quan-tri"):
            assert f"cổng {port}" in visitor.get(page)
        third = visitor.switch_on()
        assert fetched(third)[0] == 200
        assert "chưa lấy được gì" not in visitor.get(PLACE)
        visitor.post(f"{PLACE}/tat", {})
        assert fetched(third)[0] == 401


def test_a_port_that_is_taken_is_said(own: Own, tmp_path: Path) -> None:
    """The command says on stderr that it listens elsewhere than the calendar's address, and serves all the same."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        switch_on(own.store, Feed(None, 30, names=False), taken)
        said: list[str] = []
        app_said: list[str] = []

        def stop(address: str) -> None:
            app_said.append(address)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            serve(own.store, tmp_path / "home", say=stop, remark=said.append, today=lambda: TODAY)
    assert [str(taken) in line for line in said] == [True]
    assert str(taken) not in app_said[0]
