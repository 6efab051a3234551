"""A hostile file is refused by the page as by the command: a sentence, the store as it was, the desk still there."""

from __future__ import annotations

from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from cases.history.verification import verify
from cases.store.reading import read_store
from tests.cases.files.test_hostile_files import BOMBS
from tests.given.reading_here import read_apart
from tests.web.conftest import Own
from tests.whole import only_whole

JUNK = {
    "nothing": b"",
    "a program": b"MZ" + bytes(range(256)) * 40,
    "half an archive": b"PK\x03\x04" + b"\x00" * 200,
    "a page of the web": "<html><script>alert(1)</script><body>Họ tên</body></html>".encode(),
    "zero signs": b"\x00" * 5_000,
}


@only_whole
def test_hostile_files_are_refused_in_words(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no command takes no page takes; nothing is written, and the next page comes."""
    read_apart(monkeypatch)
    before = read_store(own.store)
    for name, content in {**JUNK, **{name: made() for name, made in BOMBS.items()}}.items():
        ending = "csv" if name.startswith("text") else "xlsx"
        answer = own.client.post(f"/nhap?token={own.token}", files={"tep": (f"so.{ending}", content)})
        pages = [answer]
        if answer.status_code == HTTPStatus.SEE_OTHER:  # it is kept as it came, and refused where it is read
            pages = [own.client.get(answer.headers["location"])]
        for page in pages:
            assert page.status_code in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.REQUEST_ENTITY_TOO_LARGE), name
            assert "so." in page.text or "tệp" in page.text.lower(), name
            assert "Traceback" not in page.text
            assert "alert(1)" not in page.text
        assert own.client.get("/tro-giup").status_code == HTTPStatus.OK
    assert read_store(own.store) == before
    assert verify(own.store).holds


def test_names_of_files_are_only_names(own: Own, tmp_path: Path) -> None:
    """A name that leads elsewhere, or that is markup, stays a name: all that came lies in the folder of what waits."""
    there = set(tmp_path.parent.rglob("*"))
    for name in ("../../../thoat.xlsx", "..\\..\\thoat.xlsx", "<img src=x onerror=alert(1)>.xlsx", "a\u202exslx.exe"):
        answer = own.client.post(f"/nhap?token={own.token}", files={"tep": (name, b"khong phai so")})
        text = answer.text
        if answer.status_code == HTTPStatus.SEE_OTHER:
            text = own.client.get(answer.headers["location"]).text
        assert "<img src=x" not in text
    made = {path for path in set(tmp_path.parent.rglob("*")) - there if path.is_file()}
    assert any(path.name.endswith("thoat.xlsx") for path in made)
    waiting = tmp_path / "dubi.sqlite.nhap-do"
    assert {path for path in made if waiting not in path.parents} <= {
        tmp_path / "dubi.sqlite-shm",
        tmp_path / "dubi.sqlite-wal",
    }


def test_a_file_waits_as_it_came(own: Own, tmp_path: Path) -> None:
    """What was sent is kept byte for byte, whatever system made it: it is known again by its bytes."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        entry = ZipInfo("xl/workbook.xml")
        entry.create_system = 0  # of Windows
        archive.writestr(entry, "<workbook/>")
    own.client.post(f"/nhap?token={own.token}", files={"tep": ("cua-toi.xlsx", made.getvalue())})
    (kept,) = tmp_path.rglob("cua-toi.xlsx")
    assert kept.read_bytes() == made.getvalue()
