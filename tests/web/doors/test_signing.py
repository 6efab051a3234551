"""Several users in the browser: signing in, what each is shown and refused, her account, the administrator's page."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
import pytest
from httpx2 import Response
from starlette.applications import Starlette
from starlette.routing import compile_path
from starlette.testclient import TestClient

from desk.accounts.grants import units_of
from desk.accounts.rights import RIGHTS, Role
from tests.desk.accounts.an_office import ADMIN, NOON, PASSWORD, Place, hash_lightly
from tests.web.conftest import PORT
from tests.whole import some
from web.app import every_route, make_app
from web.rights import LOOKS, SENDS
from web.sessions import SECURE_COOKIE, Sessions

NAME = "dubi.coquan.vn"
JSON = {"accept": "application/json"}
PEOPLE: dict[Role, str] = {"secretary": "bi.thu", "reader": "chi.uy", "committee": "cap.uy"}


@dataclass
class Desk:
    """The server of an office over a store with a user of each role, and browsers before it."""

    place: Place
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.sessions = Sessions("key", clock=lambda: self.place.now)
        self.app = make_app(
            self.place.url, self.sessions, lambda: PORT, lambda: self.place.today, office=frozenset({NAME})
        )

    def browser(self) -> TestClient:
        """A browser that nobody has signed in with."""
        return TestClient(
            self.app, base_url=f"https://{NAME}:{PORT}", raise_server_exceptions=False, follow_redirects=False
        )

    def as_user(self, name: str, password: str = PASSWORD) -> TestClient:
        """A browser with which somebody has signed in."""
        browser = self.browser()
        assert sign(browser, name, password).status_code == 303
        return browser


def sign(browser: TestClient, name: str, password: str = PASSWORD, **more: str) -> Response:
    """Send the form on which one signs in."""
    return browser.post("/vao", data={"tai-khoan": name, "mat-khau": password, **more})


def token_in(browser: TestClient, path: str = "/tro-giup") -> str:
    """The token that changes bear."""
    return browser.get(path).text.partition('"X-Dubi-Token": "')[2].partition('"')[0]


def post(browser: TestClient, path: str, **data: str) -> Response:
    """Send a form as a page does."""
    return browser.post(
        f"{path}?token={token_in(browser, '/tai-khoan')}", data={k.replace("_", "-"): v for k, v in data.items()}
    )


@pytest.fixture(scope="module")
def filled(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a store and its accounts, made once; take a copy."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copyfile(store.removeprefix("sqlite:///"), folder / "dubi.sqlite")
    with pytest.MonkeyPatch.context() as patch:
        hash_lightly(patch)
        place = Place(f"sqlite:///{folder / 'dubi.sqlite'}")
        place.before(None).add(ADMIN, PASSWORD)
        office, unit = place.before(), min(units_of(place.url))
        for role, name in PEOPLE.items():
            office.add(name, PASSWORD)
            office.grant(name, role, unit, None, None)
        yield folder


@pytest.fixture
def desk(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An office of a test's own."""
    hash_lightly(monkeypatch)
    for file in filled.iterdir():
        shutil.copyfile(file, tmp_path / file.name)
    return Desk(Place(f"sqlite:///{tmp_path / 'dubi.sqlite'}"))


def test_every_address_says_which_right_it_asks_for(desk: Desk) -> None:
    """No page and no form is forgotten: each stands in the table, and nothing stands there that is not."""
    looks, sends = set[str](), set[str]()
    for route in every_route(desk.app):
        if route.path not in ("/vao", "/lich/{secret}.ics"):
            (looks if "GET" in (route.methods or ()) else sends).add(route.path)
    assert looks == set(LOOKS)
    assert sends == set(SENDS)


def test_nothing_is_shown_to_who_has_not_signed_in(desk: Desk) -> None:
    """Every address leads to the form, programs are told 401; a start key opens nothing here."""
    browser = desk.browser()
    for path in sorted({*LOOKS, *SENDS}):
        asked = re.sub(r"\{\w+\}", "x", path)
        shown = browser.get(asked)
        assert (shown.status_code, "Đăng nhập" in shown.text) == (401, True), path
        said = browser.get(asked, headers=JSON)
        assert (said.status_code, set(said.json())) == (401, {"error", "hint"}), path
        assert browser.post(asked).status_code == 401, path
    entrance = browser.get("/vao", params={"khoa": "key"})
    assert "set-cookie" not in entrance.headers
    assert browser.get("/tinh/dubi.css").status_code == 200


def test_signing_in_and_out(desk: Desk) -> None:
    """A right password opens the page that was asked for, the cookie is kept from scripts, other sites, plain HTTP."""
    browser = desk.browser()
    wrong = sign(browser, "bi.thu", "sai mat khau roi")
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (401, True)
    assert 'value="bi.thu"' in wrong.text
    assert sign(browser, "khong.co", "sai mat khau roi").text.replace("khong.co", "bi.thu") == wrong.text
    right = sign(browser, "bi.thu", den="/nguoi?q=an")
    assert (right.status_code, right.headers["location"]) == (303, "/nguoi?q=an")
    cookie = right.headers["set-cookie"].casefold()
    assert cookie.startswith(SECURE_COOKIE.casefold())
    for part in ("secure", "httponly", "samesite=strict", "path=/"):
        assert part in cookie
    page = browser.get("/")
    assert page.status_code == 200
    assert "bi.thu" in page.text
    assert page.headers["strict-transport-security"]
    out = post(browser, "/tai-khoan/ra")
    assert (out.status_code, "Đã đăng xuất" in out.text) == (200, True)
    assert browser.get("/").status_code == 401
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example", "x", "/vao"):
        to = sign(desk.browser(), "bi.thu", den=elsewhere).headers["location"]
        assert to == "/", elsewhere


def test_only_our_own_pages_and_names_are_answered(desk: Desk) -> None:
    """Another name of the machine is 421, another origin 403, also for signing in; so is a change without token."""
    stranger = desk.browser()
    for host in ("evil.example", "127.0.0.1", f"{NAME}:{PORT + 1}"):
        assert stranger.get("/vao", headers={"host": host}).status_code == 421
    for origin in ("https://evil.example", f"http://{NAME}:{PORT}", "null"):
        refused = stranger.post("/vao", data={"tai-khoan": "bi.thu", "mat-khau": PASSWORD}, headers={"origin": origin})
        assert (refused.status_code, "set-cookie" in refused.headers) == (403, False)
    browser = desk.as_user("bi.thu")
    assert browser.post("/tai-khoan/ra").status_code == 403
    assert browser.post("/tai-khoan/ra?token=x").status_code == 403
    assert browser.get("/").status_code == 200
    assert token_in(browser) != token_in(desk.as_user("bi.thu"))


def test_who_guesses_waits(desk: Desk) -> None:
    """After a few wrong passwords the answer is 429 and says for how long; a minute later she is let in."""
    browser = desk.browser()
    for _ in range(12):
        refused = sign(browser, "bi.thu", "sai mat khau roi")
        if refused.status_code == 429:
            break
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert sign(browser, "bi.thu").status_code == 429
    desk.place.later(minutes=1)
    assert sign(browser, "bi.thu").status_code == 303


def test_a_session_ends_though_its_page_stays_open(desk: Desk) -> None:
    """What a page asks by itself does not keep a session; what somebody does keeps it, twelve hours at the most."""
    browser = desk.as_user("bi.thu")
    for _ in range(3):
        desk.place.later(minutes=9)
        assert browser.get("/con-mo").status_code == 204
        assert browser.get("/", headers={"x-dubi-by-itself": "1"}).status_code == 200
    desk.place.later(minutes=9)
    assert browser.get("/con-mo").status_code == 401
    browser = desk.as_user("bi.thu")
    for _ in range(28):
        desk.place.later(minutes=25)
        assert browser.get("/tro-giup").status_code == 200
    desk.place.later(minutes=25)
    assert browser.get("/tro-giup").status_code == 401


@pytest.mark.parametrize("role", [*PEOPLE, "admin"])
def test_a_role_is_shown_and_given_what_is_hers(desk: Desk, role: Role) -> None:
    """No page links to an address that refuses her, and every address of a right she has not is 403 with a sentence."""
    browser, mays = desk.as_user(PEOPLE.get(role, ADMIN)), RIGHTS[role]
    closed = {path for path, rights in LOOKS.items() if rights and not mays & set(rights)}
    for path in some(sorted(closed - {"/song"})):
        refused = browser.get(re.sub(r"\{\w+\}", "x", path))
        assert (refused.status_code, "không có quyền" in refused.text) == (403, True), path
    token = token_in(browser)
    for path in some(path for path, rights in SENDS.items() if rights and not mays & set(rights)):
        refused = browser.post(re.sub(r"\{\w+\}", "x", path) + f"?token={token}", headers=JSON)
        assert (refused.status_code, "không có quyền" in refused.json()["error"]) == (403, True), path
    shown = {path for path in LOOKS if "{" not in path and path not in closed} - {
        "/song",
        "/con-mo",
        "/quan-tri/lich/tep",
    }
    one_of_each: dict[str, str] = {}
    for path in some(sorted(shown)):
        page = browser.get(path)
        assert page.status_code in (200, 422), (path, page.text[:2000])
        for link in re.findall(r'(?:href|action|formaction)="(/[^"?#]*)', page.text):
            one_of_each.setdefault(template_of(link), link)
    assert len(one_of_each) > 8
    for template, link in some(sorted(one_of_each.items())):
        assert template in SENDS or browser.get(link).status_code != 403, link


TEMPLATES = {template: compile_path(template)[0] for template in (*LOOKS, *SENDS)}


def template_of(path: str) -> str:
    """The address that a page's table knows a path by; for forms of a kind of change that is the kind's."""
    if path.startswith("/ghi/"):
        return path
    known = (template for template, pattern in TEMPLATES.items() if pattern.match(path))
    return next(known, "")  # what a page looks like, and the entrance


def test_an_administrator_makes_users(desk: Desk) -> None:
    """She adds somebody, whose password is shown once, gives her a role, resets, ends sessions, takes the role away."""
    browser, unit = desk.as_user(ADMIN), min(units_of(desk.place.url))
    added = post(browser, "/quan-tri/nguoi-dung/them", ten="an")
    handed = re.search(r"<code>([\w-]+)</code>", added.text)
    assert handed is not None
    assert handed[1] not in browser.get("/quan-tri/nguoi-dung").text
    given = post(browser, "/quan-tri/nguoi-dung/cap", ten="an", vai_tro="secretary", don_vi=unit)
    assert given.status_code == 303
    for wrong in ({"don_vi": "CB-KHONG"}, {"don_vi": unit, "tu": "31/02/2026"}, {"vai_tro": "chu-tich"}):
        refused = post(browser, "/quan-tri/nguoi-dung/cap", **{"ten": "an", "vai_tro": "reader", **wrong})
        assert (refused.status_code, 'role="alert"' in refused.text) == (422, True), wrong
    hers = desk.as_user("an", handed[1])
    assert hers.get("/").headers["location"] == "/tai-khoan"
    assert hers.get("/", headers=JSON).status_code == 403
    assert "đổi" in hers.get("/tai-khoan").text
    new = "sau bay tam chin muoi"
    for wrong in ({"moi": "ngan", "moi_lai": "ngan"}, {"moi": new, "moi_lai": "khac"}, {"cu": "x"}):
        typed = {"cu": handed[1], "moi": new, "moi_lai": new, **wrong}
        assert post(hers, "/tai-khoan/mat-khau", **typed).status_code == 422
    assert "Đã đổi mật khẩu" in post(hers, "/tai-khoan/mat-khau", cu=handed[1], moi=new, moi_lai=new).text
    assert hers.get("/").status_code == 401
    hers = desk.as_user("an", new)
    assert hers.get("/").status_code == 200
    post(browser, "/quan-tri/nguoi-dung/ket-thuc", ten="an")
    assert hers.get("/").status_code == 401
    hers = desk.as_user("an", new)
    number = browser.get("/quan-tri/nguoi-dung", headers=JSON).json()["users"][0]["grants"][0]["id"]
    assert post(browser, "/quan-tri/nguoi-dung/thu", so=str(number)).status_code == 303
    assert hers.get("/").status_code == 403
    assert post(browser, "/quan-tri/nguoi-dung/cap-lai", ten="an").status_code == 200
    assert hers.get("/tai-khoan").status_code == 401
    mine = next(
        one for one in browser.get("/quan-tri/nguoi-dung", headers=JSON).json()["users"] if one["name"] == ADMIN
    )
    last = post(browser, "/quan-tri/nguoi-dung/thu", so=str(mine["grants"][0]["id"]))
    assert (last.status_code, "cuối cùng" in last.text) == (422, True)


def test_codes_of_a_phone(desk: Desk) -> None:
    """The page shows a picture and its secret; once the code was typed it is asked for, and one on paper works once."""
    browser = desk.as_user("bi.thu")
    page = browser.get("/tai-khoan/ma").text
    assert "<svg" in page
    secret = re.search(r'name="khoa" value="(\w+)"', page)
    assert secret is not None
    codes = pyotp.TOTP(secret[1])
    now = desk.place.now.replace(tzinfo=dt.UTC)
    assert post(browser, "/tai-khoan/ma", khoa=secret[1], ma="x").status_code == 422
    assert post(browser, "/tai-khoan/ma", khoa="WEAK", ma="x").status_code == 303
    done = post(browser, "/tai-khoan/ma", khoa=secret[1], ma=codes.at(now))
    paper = re.findall(r"<li><code>([\w-]+)</code>", done.text)
    assert len(paper) == 8
    assert sign(desk.browser(), "bi.thu").status_code == 401
    assert sign(desk.browser(), "bi.thu", ma=paper[0]).status_code == 303
    desk.place.later(minutes=2)
    now = desk.place.now.replace(tzinfo=dt.UTC)
    assert sign(desk.browser(), "bi.thu", ma=codes.at(now)).status_code == 303
    assert post(browser, "/tai-khoan/ma/tat", cu="x").status_code == 422
    assert post(browser, "/tai-khoan/ma/tat", cu=PASSWORD).status_code == 303
    assert sign(desk.browser(), "bi.thu").status_code == 303


def test_the_desk_of_one_machine_asks_too_once_there_are_users(desk: Desk) -> None:
    """Without an office's server the same store asks for signing in; the start key opens only the form."""
    app = make_app(desk.place.url, Sessions("own", clock=lambda: NOON), lambda: PORT, lambda: desk.place.today)
    browser = TestClient(app, base_url=f"http://127.0.0.1:{PORT}", follow_redirects=False)
    shown = browser.get("/vao", params={"khoa": "own"})
    assert (shown.status_code, "Mật khẩu" in shown.text) == (200, True)
    assert browser.get("/").status_code == 401
    assert "secure" not in sign(browser, "bi.thu").headers["set-cookie"].casefold()
    assert browser.get("/").status_code == 200


def test_no_page_ends_an_offices_server(desk: Desk) -> None:
    """The button of a desk of one user is neither shown nor obeyed."""
    browser = desk.as_user(ADMIN)
    assert "Tắt Dubi" not in browser.get("/quan-tri").text
    assert post(browser, "/quan-tri/tat").status_code == 403
    assert not desk.app.state.presence._told_to_end
