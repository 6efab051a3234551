"""The desk in a browser as tests ask it: in process, with a store of the shipped roster that nobody writes to."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cases.imports import importing
from cases.store import connection
from web.app import make_app
from web.sessions import Sessions

DATA = Path(__file__).parents[1] / "data" / "rosters"
PORT = 8123
TODAY = dt.date(2026, 11, 20)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store with the roster of a grassroots committee."""
    home = tmp_path_factory.mktemp("web")
    url = f"sqlite:///{home / 'dubi.sqlite'}"
    connection.initialise(url)
    assert importing.import_file(url, DATA / "dang-bo-co-so.xlsx", apply=True, who="thử").batch
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBI_HOME", str(home))  # files that are handed out are written there first
        yield url


@pytest.fixture(scope="session")
def app_and_sessions(store: str) -> tuple[Starlette, Sessions]:
    """The application over that store, on a day of its roster, and its sessions."""
    sessions = Sessions("the-start-key")
    return make_app(store, sessions, lambda: PORT, lambda: TODAY), sessions


@pytest.fixture
def stranger(app_and_sessions: tuple[Starlette, Sessions]) -> TestClient:
    """A browser that has not come in by the start key."""
    app, _ = app_and_sessions
    return TestClient(app, base_url=f"http://127.0.0.1:{PORT}", raise_server_exceptions=False, follow_redirects=False)


class Own:
    """A browser before a store of its own, with the token that its changes bear; of ``app`` where others sit there."""

    def __init__(self, store: str, app: Starlette | None = None) -> None:
        self.store = store
        self.app = app or make_app(store, Sessions("own"), lambda: PORT, lambda: TODAY)
        self.client = TestClient(self.app, base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False)
        self.client.get("/vao", params={"khoa": "own"})
        self.token = self.client.get("/tro-giup").text.partition('"X-Dubi-Token": "')[2].partition('"')[0]

    def post(self, path: str, data: dict[str, str]) -> Response:
        """Send a form as a page does."""
        return self.client.post(f"{path}?token={self.token}", data=data)


@pytest.fixture
def own(store: str, tmp_path: Path) -> Own:
    """A browser whose writes nobody else sees."""
    copy = tmp_path / "dubi.sqlite"
    shutil.copyfile(store.removeprefix("sqlite:///"), copy)
    return Own(f"sqlite:///{copy}")


@pytest.fixture
def browser(stranger: TestClient) -> TestClient:
    """A browser that has come in."""
    assert stranger.get("/vao", params={"khoa": "the-start-key"}).status_code == 303
    return stranger
