"""How a desk begins and ends: one at a time, ready before it serves, gone when no page is open and nothing written."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from release.trial import visit
from tests.web.conftest import Own
from web import serving
from web.presence import LAST_PAGE, Presence
from web.serving import serve


class Clock:
    """A clock that stands until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        """The seconds that it shows."""
        return self.now


def test_a_desk_is_unused_when_nobody_asks_and_nothing_is_answered() -> None:
    """So many seconds after the last answer was finished, not after it was begun; a long write is waited for."""
    clock = Clock()
    presence = Presence(clock)
    clock.now += 899.9
    assert not presence.gone_for(900)
    with presence.during():
        clock.now += 5000
        assert not presence.gone_for(900)
        presence.end()
        assert not presence.gone_for(900)
    clock.now += LAST_PAGE - 0.1
    assert not presence.gone_for(900)
    clock.now += 0.2
    assert presence.gone_for(900)


def test_only_who_has_come_in_keeps_it_open(store: str, stranger: TestClient, browser: TestClient) -> None:
    """An open page is one of ours: what a stranger asks keeps no desk open."""
    presence: Presence = browser.app.state.presence  # type: ignore[attr-defined]  # the client's application is ours
    presence._clock = clock = Clock()
    presence._seen = clock.now
    clock.now += 900
    stranger.cookies.clear()
    assert stranger.get("/").status_code == 401
    assert presence.gone_for(900)
    assert browser.get("/vao", params={"khoa": "the-start-key"}).status_code == 303
    assert browser.get("/con-mo").status_code == 204
    assert not presence.gone_for(900)


def test_the_desk_is_ended_from_its_page(own: Own) -> None:
    """The button asks for the token as any change does, and the page says how to come back."""
    presence: Presence = own.client.app.state.presence  # type: ignore[attr-defined]  # the client's application is ours
    assert own.client.post("/quan-tri/tat").status_code == 403
    assert not presence._told_to_end
    ended = own.post("/quan-tri/tat", {})
    assert "biểu tượng Dubi" in ended.text
    assert presence._told_to_end


def test_what_makes_it_ready_comes_before_anything_is_served(tmp_path: Path) -> None:
    """Where making the store fails nothing is served and nothing is left for a second start."""
    said: list[str] = []

    def ready() -> None:
        raise OSError("no")

    (tmp_path / "web.json").write_text('{"address": "of a desk that was killed"}', encoding="utf-8")
    with pytest.raises(OSError, match="no"):
        serve("", tmp_path, port=0, browser=False, say=said.append, today=dt.date.today, ready=ready)
    assert said == []
    assert not (tmp_path / "web.json").exists()


def test_a_second_start_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second start that comes before the first listens opens the first one's page, once it is there."""
    note = tmp_path / "web.json"

    def later(_seconds: float) -> None:
        serving._leave(note, "http://127.0.0.1:1/vao?khoa=x")

    monkeypatch.setattr(time, "sleep", later)
    assert serving._address_of_first(note) == "http://127.0.0.1:1/vao?khoa=x"


def test_the_icon_makes_the_store_and_opens_once(tmp_path: Path) -> None:
    """What the icon starts makes the store and says its address, also into a pipe; a second start says the same."""
    icon = [sys.executable, "-m", "cli.icon", "--no-browser"]
    environment = {**os.environ, "DUBI_HOME": str(tmp_path / "nhà"), "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(icon, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as first:
        assert first.stdout is not None
        address = first.stdout.readline().strip()
        second = subprocess.run(icon, env=environment, capture_output=True, encoding="utf-8", check=True)
        assert second.stdout.strip() == address
        assert b"</html>" in visit(address)("/")
        assert (tmp_path / "nhà" / "dubi.sqlite").is_file()
        assert json.loads((tmp_path / "nhà" / "web.json").read_text(encoding="utf-8")) == {"address": address}
        first.terminate()


def test_the_icon_ends_by_itself(tmp_path: Path) -> None:
    """Unused for the time that was given the desk ends with code 0 and leaves nothing for a second start."""
    icon = [sys.executable, "-m", "cli.icon", "--no-browser", "--close-after", "0,05"]
    environment = {**os.environ, "DUBI_HOME": str(tmp_path)}
    ran = subprocess.run(icon, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.startswith("http://127.0.0.1:")
    assert not (tmp_path / "web.json").exists()


def test_the_icon_says_what_is_wrong(tmp_path: Path) -> None:
    """Where the store cannot be used the sentence is shown, and nothing is served."""
    (tmp_path / "dubi.sqlite").write_bytes(b"not a store, but long enough to be looked at as a file of SQLite")
    icon = [sys.executable, "-m", "cli.icon", "--no-browser"]
    environment = {**os.environ, "DUBI_HOME": str(tmp_path)}
    ran = subprocess.run(icon, env=environment, capture_output=True, encoding="utf-8")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "không phải là kho của dubi" in ran.stderr
