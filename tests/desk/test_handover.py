"""Rosters between a cell and the level above: only the key that they are meant for opens them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest

from cases.files.sources import SEALED, read_book
from cases.imports.stamping import export_store
from cases.keeping.sealing import NoKey
from cases.store.connection import initialise
from cases.store.keys import boxes
from cases.store.reading import read_store
from cases.values.refusals import Sealed, TargetExists
from desk.changes.values import ImportFile
from desk.desk import Desk
from desk.keeping.handover import make_pair, received, send
from rules.loader.errors import BadInput
from tests.conftest import DATA
from tests.given.light_keys import WITH_EFFORT

PHRASE = "năm từ dễ nhớ thôi"


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cell's store with the roster of a small cell."""
    url = f"sqlite:///{tmp_path_factory.mktemp('cell') / 'dubi.sqlite'}"
    initialise(url)
    Desk(url, today=dt.date(2025, 3, 1)).take_in(ImportFile(str(DATA / "rosters" / "chi-bo-nho.xlsx")), apply=True)
    return url


def test_there_and_taken_in(cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the committee takes in is what the cell has; on the way nothing can be read, and no plain file stays."""
    key, public, out = tmp_path / "du.khoa", tmp_path / "du.cong-khai", tmp_path / "so.xlsx.kin"
    monkeypatch.setattr("pyrage.passphrase.encrypt", WITH_EFFORT)
    make_pair(key, public, PHRASE)
    assert b"AGE-SECRET-KEY" not in key.read_bytes()
    assert send(cell, out, public) == len(read_store(cell).records)
    sealed = out.read_bytes()
    assert sealed.startswith(SEALED)
    assert b"xl/" not in sealed
    assert {path.stat().st_mode & 0o077 for path in (key, out)} == {0}
    committee = f"sqlite:///{tmp_path / 'du.sqlite'}"
    initialise(committee)
    with received(out, key, PHRASE) as book:
        export_store(cell, tmp_path / "plain.xlsx")
        assert book.read_bytes() == (tmp_path / "plain.xlsx").read_bytes()
        Desk(committee, today=dt.date(2025, 3, 1)).take_in(ImportFile(str(book)), apply=True)
    assert not book.exists()
    assert not book.parent.exists()
    assert {one.code: one.fields for one in read_store(committee).records} == {
        one.code: one.fields for one in read_store(cell).records
    }


def test_where_no_files_are_in_memory(cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows and macOS have none: what is plain meanwhile stands with the user's data, and what a killed process left
    there is taken away."""
    monkeypatch.setattr(boxes, "_MEMORY", tmp_path / "none")
    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "home"))
    make_pair(tmp_path / "du.khoa", tmp_path / "du.cong-khai", PHRASE)
    send(cell, tmp_path / "so.kin", tmp_path / "du.cong-khai")
    with received(tmp_path / "so.kin", tmp_path / "du.khoa", PHRASE) as book:
        assert book.parent.parent == tmp_path / "home"
        kept = shutil.copytree(book.parent, book.parent.with_name(f"{book.parent.name}-killed"))
    assert list((tmp_path / "home").iterdir()) == [kept]
    boxes.clear_fleeting(tmp_path / "home")
    assert kept.exists()
    os.utime(kept, (0, 0))
    boxes.clear_fleeting(tmp_path / "home")
    assert not kept.exists()


def test_no_other_key_opens_it(cell: str, tmp_path: Path) -> None:
    """Another key, a wrong passphrase, a key that is none, a file that is cut or plain: a sentence, nothing left."""
    for name in ("du", "other"):
        make_pair(tmp_path / f"{name}.khoa", tmp_path / f"{name}.cong-khai", PHRASE)
    out = tmp_path / "so.xlsx.kin"
    send(cell, out, tmp_path / "du.cong-khai")
    cut, plain = tmp_path / "cut.kin", tmp_path / "plain.kin"
    cut.write_bytes(out.read_bytes()[:-100])
    plain.write_bytes(b"PK\3\4")
    key = tmp_path / "du.khoa"
    tries = [
        (out, tmp_path / "other.khoa", PHRASE, "không mở được"),
        (out, key, "mật khẩu khác hẳn", "Mật khẩu không mở được khoá"),
        (out, tmp_path / "du.cong-khai", PHRASE, "không phải là khoá"),
        (out, tmp_path / "none.khoa", PHRASE, "Không mở được tệp"),
        (cut, key, PHRASE, "hỏng trên đường"),
        (plain, key, PHRASE, "không phải là tệp đã khoá"),
    ]
    for path, secret, phrase, words in tries:
        with pytest.raises(BadInput, match=words), received(path, secret, phrase):
            pass
    with pytest.raises(NoKey, match="khoá công khai"):
        send(cell, tmp_path / "x.kin", key)
    assert not (tmp_path / "x.kin").exists()


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    """With either file of a pair there, no new pair is made, and the other file is not left behind."""
    for there, other in (("du.khoa", "du.cong-khai"), ("du.cong-khai", "du.khoa")):
        folder = tmp_path / there
        folder.mkdir()
        (folder / there).write_bytes(b"kept")
        with pytest.raises(TargetExists):
            make_pair(folder / "du.khoa", folder / "du.cong-khai", PHRASE)
        assert (folder / there).read_bytes() == b"kept"
        assert [path.name for path in folder.iterdir()] == [there], other


def test_every_reader_says_that_it_is_sealed(cell: str, tmp_path: Path) -> None:
    """Who takes a sealed file for a list is told what it is and how it is opened."""
    make_pair(tmp_path / "du.khoa", tmp_path / "du.cong-khai", PHRASE)
    out = tmp_path / "so.xlsx.kin"
    send(cell, out, tmp_path / "du.cong-khai")
    with pytest.raises(Sealed, match="--key"):
        read_book(out)
    desk = Desk(out, today=dt.date(2025, 3, 1))
    with pytest.raises(Sealed, match="--key"):
        desk.check(desk.ask())
    with pytest.raises(Sealed, match="--key"):
        Desk(cell, today=dt.date(2025, 3, 1)).take_in(ImportFile(str(out)))
