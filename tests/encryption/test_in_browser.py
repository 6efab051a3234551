"""An encrypted store in the browser: the passphrase before anything else, then every page as from a plain store."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cases.store.connection import sqlite_path
from cases.store.keys import ring
from desk.keeping.encryption import decrypt, encrypt, new_code, rekey
from desk.source import is_locked
from tests.conftest import DATA
from tests.encryption.conftest import PASSPHRASE, ROSTER
from tests.encryption.test_every_command import assert_nobody_is_named
from tests.given.reading_here import read_apart
from tests.web.conftest import PORT, TODAY, Own
from tests.whole import only_whole
from web.app import every_route, make_app
from web.sessions import Sessions

_NOT_THE_SAME = re.compile(r"[A-Za-z0-9_-]{43}|\d{8}-\d{6}-[0-9a-f]{6}|[0-9a-f]{16,64}|\d\d:\d\d|còn trống \d+ MB")
"""Tokens, names of writes, hashes and moments."""
PARTS = {"code": "HS-03", "name": "ghi-mot-buoc", "rule": "recognition.past_cell_window", "form": "F2", "kind": "xlsx"}
QUERY = {
    "/nguoi": "?q=nguyen",
    "/so-lieu": "?tu=2024-01-01&den=2024-12-31",
    "/thoi-gian": "?tu=2024-01-01&den=2024-12-31",
}


@pytest.fixture
def shut(filled: str) -> str:
    """The same store encrypted, and nobody has opened it."""
    encrypt(filled, PASSPHRASE, new_code(), "rewrite")
    ring._opened.clear()
    return filled


def browser(store: str) -> TestClient:
    """A browser before a desk, that has not come in yet."""
    app = make_app(store, Sessions("own"), lambda: PORT, lambda: TODAY)
    return TestClient(app, f"http://127.0.0.1:{PORT}", raise_server_exceptions=False, follow_redirects=False)


def test_nothing_is_answered_before_the_passphrase(shut: str) -> None:
    """Every address leads to where the passphrase is asked, for who has the start key; nobody else gets that far."""
    one = browser(shut)
    assert one.get("/").status_code == 401
    assert one.get("/mo-khoa").status_code == 401
    assert one.get("/vao?khoa=other").status_code == 401
    assert one.get("/tinh/dubi.css").status_code == 200
    entered = one.get("/vao?khoa=own")
    assert (entered.status_code, entered.headers["location"]) == (303, "/mo-khoa")
    routes = every_route(one.app)  # type: ignore[arg-type]  # the desk's application
    assert len(routes) > 60
    for route in routes:
        path = re.sub(r"{(\w+)}", lambda part: PARTS.get(part[1], "x"), route.path)
        if path == "/vao":
            continue
        for method in route.methods or ():
            answered = one.request(method, path, headers={"accept": "text/html"})
            assert answered.status_code in (303, 401, 403), (method, path, answered.status_code)
            assert answered.headers.get("location", "/mo-khoa") == "/mo-khoa", (method, path)
        said = one.get(path, headers={"accept": "application/json"})
        assert (said.status_code, "mã hoá" in said.json()["error"]) == (401, True), path
    assert is_locked(shut)


def test_the_passphrase_opens_it(shut: str) -> None:
    """A wrong one is said to be wrong and opens nothing; the right one, in whatever writing, opens the desk."""
    import unicodedata

    one = browser(shut)
    one.get("/vao?khoa=own")
    token = html.unescape(one.get("/mo-khoa").text).partition("/mo-khoa?token=")[2].partition('"')[0]
    assert one.post("/mo-khoa?token=x", data={"mat-khau": PASSPHRASE}).status_code == 403
    wrong = one.post(f"/mo-khoa?token={token}", data={"mat-khau": "không phải câu này đâu"})
    assert wrong.status_code == 422
    assert "không đúng" in wrong.text
    assert is_locked(shut)
    typed = unicodedata.normalize("NFD", PASSPHRASE)
    assert one.post(f"/mo-khoa?token={token}", data={"mat-khau": typed}).headers["location"] == "/"
    assert one.get("/").status_code == 200


def pages(store: str) -> dict[str, tuple[int, str]]:
    """Every page that can be looked at, without what no two runs have in common."""
    own = Own(store)
    found = {}
    for route in every_route(own.client.app):  # type: ignore[arg-type]  # the desk's application
        if "GET" not in (route.methods or ()) or route.path in ("/song", "/vao"):
            continue
        path = re.sub(r"{(\w+)}", lambda part: PARTS.get(part[1], "x"), route.path) + QUERY.get(route.path, "")
        answered = own.client.get(path)
        found[path] = answered.status_code, _NOT_THE_SAME.sub("…", answered.text)
    return found


@only_whole
def test_every_page_is_the_same(filled: str) -> None:
    """Each page shows of an encrypted store what it shows of a plain one; only what is said of encryption differs."""
    plain = pages(filled)
    assert sum(status == 200 for status, _ in plain.values()) > 30
    assert [path for path, (status, _) in plain.items() if status >= 500] == []
    encrypt(filled, PASSPHRASE, new_code(), "rewrite")
    encrypted = pages(filled)
    about_it = {"/quan-tri", "/quan-tri/ma-hoa", "/bat-dau"}
    assert {path for path in plain if plain[path] != encrypted[path]} <= about_it
    assert all(encrypted[path][0] == 200 for path in about_it)


def test_encrypted_from_the_page(filled: str, tmp_path: Path) -> None:
    """The recovery code has to be typed back; then the store, its backups and what waits beside it name nobody."""
    own = Own(filled)
    upload(own)
    own.client.post(f"/go-do/correct?ve=HS-03&token={own.token}", data={"column": "note", "value": "Đặng Thị Thêm"})
    own.client.post(f"/dieu-moi?token={own.token}")
    shown = own.post("/quan-tri/ma-hoa/ma", {"moi": PASSPHRASE, "lai": PASSPHRASE + " "})
    assert (shown.status_code, "không giống nhau" in shown.text) == (422, True)
    assert own.post("/quan-tri/ma-hoa/ma", {"moi": "ngắn", "lai": "ngắn"}).status_code == 422
    code = code_of(own.post("/quan-tri/ma-hoa/ma", {"moi": PASSPHRASE, "lai": PASSPHRASE}).text)
    assert own.post("/quan-tri/ma-hoa", {"ma": "AAAA-" + code[5:]}).status_code == 422
    assert (sqlite_path(filled) or Path()).read_bytes().startswith(b"SQLite")
    done = own.post("/quan-tri/ma-hoa", {"ma": code.lower().replace("-", " "), "ban-sao": "ghi-lai"})
    assert (done.status_code, "Đã mã hoá kho" in done.text) == (200, True)
    assert_nobody_is_named(tmp_path / "kho", tmp_path / "home")
    waiting = own.client.get("/nhap").text
    assert "chi-bo-nho.xlsx" in waiting
    draft = re.findall(r"/nhap/([\w-]{16})/cot", waiting)[0]
    assert own.client.get(f"/nhap/{draft}/xem").status_code == 200
    assert "Đặng Thị Thêm" in own.client.get("/ghi/correct?ve=HS-03").text
    upload(own)
    assert own.client.get("/bieu/F2.xlsx?tu=2024-01-01&den=2024-12-31").status_code == 200
    assert_nobody_is_named(tmp_path / "kho", tmp_path / "home")
    fresh = code_of(own.post("/quan-tri/ma-hoa/ma", {}).text)
    assert own.post("/quan-tri/ma-hoa", {"ma": fresh}).status_code == 200
    assert own.post("/quan-tri/ma-hoa/mat-khau", {"mat-khau": code, "moi": "x" * 9, "lai": "x" * 9}).status_code == 422
    other = "một câu khác cũng đủ dài"
    assert own.post("/quan-tri/ma-hoa/mat-khau", {"mat-khau": fresh, "moi": other, "lai": other}).status_code == 200
    assert own.post("/quan-tri/ma-hoa/bo", {"mat-khau": PASSPHRASE}).status_code == 422
    assert own.post("/quan-tri/ma-hoa/bo", {"mat-khau": other, "ban-sao": "ghi-lai"}).status_code == 200
    assert (sqlite_path(filled) or Path()).read_bytes().startswith(b"SQLite")
    assert "Đặng Thị Thêm" in own.client.get("/ghi/correct?ve=HS-03").text
    assert own.client.get(f"/nhap/{draft}/xem").status_code == 200


def test_what_another_key_closed_is_gone(filled: str) -> None:
    """A file that waits, a form and a last look that no key opens any more keep nobody from going on."""
    own = Own(filled)
    encrypt(filled, PASSPHRASE, new_code(), "rewrite")
    upload(own)
    own.client.post(f"/go-do/correct?ve=HS-03&token={own.token}", data={"column": "note", "value": "x"})
    own.client.post(f"/dieu-moi?token={own.token}")
    store = sqlite_path(filled)
    assert store is not None
    beside = [store.with_name("dubi.sqlite.standing"), *store.with_name("dubi.sqlite.nhap-do").rglob("*")]
    closed = [file for file in beside if file.is_file()]
    assert len(closed) == 4
    for file in closed:
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    for path in ("/nhap", "/ghi/correct?ve=HS-03", "/dieu-moi", "/"):
        assert own.client.get(path).status_code == 200, path
    rekey(filled, PASSPHRASE, PASSPHRASE, new_code(), raw=True)
    decrypt(filled, "rewrite")
    assert own.client.get("/nhap").status_code == 200


def code_of(page: str) -> str:
    """The recovery code that a page shows."""
    (code,) = re.findall(r'class="code">([A-Z0-9-]+)<', page)
    return str(code)


def upload(own: Own) -> None:
    """Send a file that then waits to be taken in."""
    sent = own.client.post(
        f"/nhap?token={own.token}", files={"tep": ("chi-bo-nho.xlsx", ROSTER.read_bytes(), "application/octet-stream")}
    )
    assert sent.status_code == 303


def test_asked_at_the_first_start(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page asks whether to encrypt; who says so goes there, and from there on with her file.

    The store is written anew by a child, as a desk does that has threads at work on it.
    """
    read_apart(monkeypatch)
    own = Own(filled)
    assert "Mã hoá kho bằng mật khẩu?" in own.client.get("/bat-dau").text
    for answer, leads in (("khong", "/nhap/"), ("co", "/quan-tri/ma-hoa?den=/nhap/")):
        sent = own.client.post(
            f"/bat-dau?token={own.token}",
            data={"ma": "CB-01", "ten": "", "ma-hoa": answer},
            files={"tep": ("chi-bo-nho.xlsx", (DATA / "rosters" / "chi-bo-nho.xlsx").read_bytes())},
        )
        assert sent.headers["location"].startswith(leads)
    onward = sent.headers["location"].partition("den=")[2]
    own.client.get(sent.headers["location"])
    code = code_of(own.post("/quan-tri/ma-hoa/ma", {"moi": PASSPHRASE, "lai": PASSPHRASE, "den": onward}).text)
    assert own.post("/quan-tri/ma-hoa", {"ma": code, "den": onward}).headers["location"] == onward
    assert own.client.get(onward).status_code == 200
    assert "Mã hoá kho bằng mật khẩu?" not in own.client.get("/bat-dau").text
    assert own.client.get("/quan-tri/ma-hoa?den=//elsewhere").status_code == 200


def test_a_backup_of_elsewhere_is_put_back(filled: str, tmp_path: Path) -> None:
    """On a new machine, where an empty store was made, a backup opens by its passphrase and stays encrypted."""
    from cases.keeping.backups import backup
    from cases.store.connection import initialise

    encrypt(filled, PASSPHRASE, new_code(), "rewrite")
    usb = backup(filled, tmp_path / "usb.sqlite")
    ring._opened.clear()
    shutil.rmtree(tmp_path / "kho")
    other = f"sqlite:///{tmp_path / 'may-moi' / 'dubi.sqlite'}"
    initialise(other)
    own = Own(other)
    assert own.post("/quan-tri/phuc-hoi", {"tep": str(usb)}).status_code == 422
    assert own.post("/quan-tri/phuc-hoi", {"tep": str(usb), "mat-khau": "sai hoàn toàn nhé"}).status_code == 422
    assert own.post("/quan-tri/phuc-hoi", {"tep": str(usb), "mat-khau": PASSPHRASE}).status_code == 200
    assert "HS-03" in own.client.get("/nguoi?q=HS-03").text
    assert_nobody_is_named(tmp_path / "may-moi")
