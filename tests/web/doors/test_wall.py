"""What lies behind the wall shows on no page: every address of the desk, asked and sent to by who sees a part of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from cases.store.sight import Sight
from desk.accounts.rights import granted
from desk.changes.asking import TITLES, asked_of
from desk.desk import Desk
from rules.loader import indicators
from tests.desk.walls.walled import TODAY, Office, drawn
from tests.whole import examples, some
from web.app import make_app
from web.sessions import Sessions

PORT = 8123
NOT_ASKED = {
    "/song": "a stream of hashes",
    "/vao": "signing in",
    "/tai-khoan": "one's own account",
    "/quan-tri/nguoi-dung": "accounts, which hold no case",
    "/quan-tri/tat": "ends the desk",
    "/quan-tri/ma-hoa": "the store as a whole",
    "/quan-tri/sao-luu": "the store as a whole",
    "/quan-tri/phuc-hoi": "the store as a whole",
}
"""Addresses that are walked elsewhere, by how they begin, and why they are not here."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office on the day of the walk."""
    home = tmp_path_factory.mktemp("walled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBI_HOME", str(home))
        yield drawn(Random(11), home)  # noqa: S311  # chance that can be had again


def _unit(office: Office) -> str:
    """A unit that somebody may be secretary of: cases in it, and others outside."""
    units = {str(record.fields["unit"]) for record in office.roster().records}
    return next(one for one in sorted(units) if len(office.seen(Sight(frozenset({one})))) < len(office.of_unit))


def _browser(office: Office, unit: str) -> tuple[Starlette, TestClient, str]:
    """A browser of the secretary of a unit, with the token of its changes."""
    found = granted([("secretary", unit), ("committee", unit)])
    app = make_app(office.url, Sessions("own"), lambda: PORT, lambda: TODAY)
    app.state.seat = lambda request: Desk(
        office.url, today=TODAY, user="w-ai-do", sight=found.sight, may=found.may, held=found.held
    )
    client = TestClient(app, base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False)
    client.get("/vao", params={"khoa": "own"})
    token = client.get("/tro-giup").text.partition('"X-Dubi-Token": "')[2].partition('"')[0]
    return app, client, token


def _routes(routes: list[BaseRoute]) -> Iterator[Route]:
    """All addresses, those of the rooms that are loaded later too."""
    for one in routes:
        if isinstance(one, Route):
            yield one
        elif (inner := getattr(one, "app", None)) is not None and hasattr(inner, "routes"):
            yield from _routes(inner.routes)


def _addresses(route: Route, codes: list[str]) -> Iterator[str]:
    """The addresses of a route, about somebody seen, somebody not seen and something that there is not."""
    values: dict[str, list[str]] = {
        "code": [*codes, "LP0KV", "LP1KV", "LP2KV"],
        "batch": ["1", "2", "3", "9"],
        "kind": ["xlsx", "json", "html"] if "{form}" in route.path else list(TITLES),
        "form": ["mau-03"],
        "indicator": [next(iter(indicators.load())), "party_members_end"],
        "paper": ["danh-sach-hoc-nhan-thuc", "gioi-thieu-vao-dang"],
        "number": ["1", "2", "3"],
    }
    paths = [route.path]
    for name in route.param_convertors:
        paths = [path.replace(f"{{{name}}}", value) for path in paths for value in values.get(name, ["khong-co"])]
    yield from paths


def _body(path: str, code: str) -> dict[str, str]:
    """What somebody might send there, about a case or a unit."""
    kind = path.removeprefix("/ghi/").partition("/")[0]
    general = {
        "ma": code,
        "don-vi": code,
        "case": code,
        "buoc": "opinions_summary_on",
        "step": "opinions_summary_on",
        "ngay": "30/06/2026",
        "on": "30/06/2026",
        "loai": "view",
        "trong": "90",
        "ten": "1",
    }
    if not path.startswith("/ghi/") or kind not in TITLES:
        return general
    typed = {}
    for one in asked_of(kind):
        days = "30/06/2026" if one.shape == "day" else code
        typed[one.name] = one.choices[0][0] if one.choices else days
    return {**general, **typed}


def _words(response: Any) -> str:
    """Everything that an answer says: its text, its headers, and what is in a file."""
    content: bytes = response.content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return f"{dict(response.headers)}\n{content.decode(errors='replace')}"


def test_no_page_tells_of_what_is_foreign(office: Office) -> None:
    """Every address, as a page and as JSON, with codes of people and units seen and not seen, read and sent to.

    `make test` asks a fifth of the addresses.
    """
    unit = _unit(office)
    foreign = office.foreign_words(Sight(frozenset({unit})))
    own = next(code for code in office.of_case if not foreign.intersection(office.of_case[code]))
    other = next(code for code in office.of_case if code in foreign and code != office.gone)
    outside = next(code for code in office.of_unit if code in foreign)
    codes = [own, other, office.gone, outside]
    app, client, token = _browser(office, unit)
    routes = [one for one in _routes(app.routes) if not one.path.startswith(tuple(NOT_ASKED))]
    assert len(routes) > 60, "the addresses are not where they are looked for"
    asked = 0

    def look(response: Any, path: str, typed: set[str]) -> None:
        nonlocal asked
        asked += 1
        said = _words(response)
        told = sorted(word for word in foreign - typed if word in said)
        assert told == [], f"{path} tells {told}: {said[max(0, said.find(told[0]) - 300) :][:600]}"
        assert response.status_code != 500 or "Lỗi của chương trình" not in said, path

    for route in some(routes):
        for path in _addresses(route, codes):
            typed = {code for code in (*codes, "LP0KV", "LP1KV", "LP2KV") if code in path}
            if "GET" in (route.methods or ()):
                for accept in ("text/html", "application/json"):
                    look(client.get(path, headers={"accept": accept}), path, typed)
                look(
                    client.get(path, params={"don-vi": outside, "ho-so": other, "tim": "zk"}),
                    path,
                    typed | {outside, other},
                )
            else:
                for code in (other, outside):
                    sent = client.post(f"{path}?token={token}", data=_body(path, code))
                    look(sent, f"{path} with {code}", typed | {code})
    assert asked > examples(300)
