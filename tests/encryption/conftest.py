"""A store of a small cell with one automatic backup; no test knows the keys that another has opened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.history.undo import undo
from cases.imports.importing import import_file
from cases.store.connection import anchor, initialise, sqlite_path
from cases.store.keys import ring, wrapping
from cases.store.keys.problems import WrongKey
from cases.store.keys.wrapping import new_code
from cases.store.reading import read_store
from desk.keeping.encryption import encrypt
from tests.calling import Dubi, Ran, call
from tests.conftest import DATA

PASSPHRASE = "một câu đủ dài để làm mật khẩu"  # noqa: S105  # of tests
ROSTER = DATA / "rosters" / "chi-bo-nho.xlsx"


def file_of(url: str) -> Path:
    """The file of a store."""
    path = sqlite_path(url)
    assert path is not None
    return path


def key_of(url: str) -> Path:
    """The file beside a store that holds its wrapped key."""
    return file_of(url).with_name("dubi.sqlite.khoa.json")


def opens_by(url: str, typed: str) -> bool:
    """Whether a store is read by who types this, asked once."""
    known = dict(ring._opened)
    ring._opened.clear()
    asked = iter([typed])
    ring.ask_by(lambda _: next(asked, ""))
    try:
        read_store(url)
    except WrongKey:
        return False
    finally:
        ring.ask_by(None)
        ring._opened.update(known)
    return True


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    ring._opened.clear()
    monkeypatch.setattr(wrapping, "_KIBIBYTES", 64)  # a key is made of what is typed some hundred times here
    monkeypatch.delenv("DUBI_KEY_FILE", raising=False)
    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "home"))
    yield
    ring._opened.clear()
    ring.ask_by(None)


@pytest.fixture(scope="session")
def _with_a_backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("plain") / "kho"
    url = f"sqlite:///{place / 'dubi.sqlite'}"
    assert initialise(url)
    import_file(url, ROSTER, apply=True)
    undo(url)
    import_file(url, ROSTER, apply=True)
    return place


@pytest.fixture
def filled(_with_a_backup: Path, tmp_path: Path) -> str:
    """The address of a plain store with the roster of a small cell, and one automatic backup of it; made once."""
    shutil.copytree(_with_a_backup, tmp_path / "kho")
    anchor(url := f"sqlite:///{tmp_path / 'kho' / 'dubi.sqlite'}")  # as the import did
    return url


@pytest.fixture
def code() -> str:
    """A recovery code."""
    return new_code()


@pytest.fixture
def shut(filled: str, code: str) -> str:
    """The same store encrypted."""
    encrypt(filled, PASSPHRASE, code, "rewrite")
    return filled


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A file for scripts that holds the passphrase."""
    file = tmp_path / "mat-khau"
    file.write_text(PASSPHRASE + "\n", encoding="utf-8")
    return file


@pytest.fixture
def dubi(tmp_path: Path) -> Dubi:
    """Run the command as a new process would: it knows no key that was opened before."""

    def run(*arguments: object, piped: str = "", **environment: str) -> Ran:
        ring._opened.clear()
        ran = call(arguments, tmp_path, environment, piped=piped)
        assert "Traceback" not in ran.err
        return ran

    return run
