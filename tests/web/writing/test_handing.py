"""A roster handed up from the page: sealed for whoever's key it is, and the pair of keys of who takes such files in."""

from __future__ import annotations

import html
import io
import zipfile
from pathlib import Path

from cases.files.sources import SEALED
from cases.store.connection import initialise
from cases.store.reading import read_store
from desk.changes.values import ImportFile
from desk.desk import Desk
from desk.keeping.handover import received
from tests.web.conftest import TODAY, Own
from web.writing.handing import OWN, PLACE

PHRASE = "năm từ dễ nhớ thôi"


def pair(own: Own, folder: Path) -> tuple[Path, Path]:
    """The two keys that the page makes, unpacked."""
    made = own.post(f"{PLACE}/khoa", {"moi": PHRASE, "lai": PHRASE})
    assert made.status_code == 200, made.text
    with zipfile.ZipFile(io.BytesIO(made.content)) as both:
        both.extractall(folder)
    return folder / f"{OWN}.khoa", folder / f"{OWN}.cong-khai"


def test_sent_and_taken_in(own: Own, tmp_path: Path) -> None:
    """The file that is given holds the unit that was asked for, for the owner of the key alone."""
    secret, public = pair(own, tmp_path)
    sent = own.client.post(
        f"{PLACE}/gui?token={own.token}", files={"khoa": (public.name, public.read_bytes())}, data={"don-vi": "CB-02"}
    )
    assert sent.status_code == 200, sent.text
    assert sent.content.startswith(SEALED)
    book = tmp_path / "so.xlsx.kin"
    book.write_bytes(sent.content)
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    initialise(other)
    with received(book, secret, PHRASE) as plain:
        Desk(other, today=TODAY).take_in(ImportFile(str(plain)), apply=True)
    here = [one for one in read_store(own.store).records if one.fields.get("unit") == "CB-02"]
    assert {one.code for one in read_store(other).records} == {one.code for one in here}
    assert here


def test_what_is_refused(own: Own, tmp_path: Path) -> None:
    """No key, a key that is none, a unit that is not there, a weak passphrase, one typed otherwise: a sentence."""
    _, public = pair(own, tmp_path)
    for key, unit, words in (
        (None, "", "Chưa chọn tệp"),
        (b"hello", "", "không phải là khoá công khai"),
        (public.read_bytes(), "CB-99", "Không có đơn vị “CB-99”"),
    ):
        files = {"khoa": ("nhan.cong-khai", key)} if key else {"khong": ("x", b"x")}
        answer = own.client.post(f"{PLACE}/gui?token={own.token}", files=files, data={"don-vi": unit})
        assert (answer.status_code, words in html.unescape(answer.text)) == (422, True), answer.text[:400]
    for first, again, words in (("ngắn", "ngắn", "Mật khẩu cần ít nhất"), (PHRASE, "khác", "không giống nhau")):
        answer = own.post(f"{PLACE}/khoa", {"moi": first, "lai": again})
        assert (answer.status_code, words in html.unescape(answer.text)) == (422, True)
