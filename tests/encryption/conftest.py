"""A store of a small cell with one automatic backup; no test knows the keys that another has opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.history.undo import undo
from cases.imports.importing import import_file
from cases.store.connection import initialise
from cases.store.keys import ring, wrapping
from tests.calling import Dubi, Ran, call
from tests.conftest import DATA

PASSPHRASE = "một câu đủ dài để làm mật khẩu"  # noqa: S105  # of tests
ROSTER = DATA / "rosters" / "chi-bo-nho.xlsx"


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    ring._opened.clear()
    monkeypatch.setattr(wrapping, "_KIBIBYTES", 64)  # a key is made of what is typed some hundred times here
    monkeypatch.delenv("DUBI_KEY_FILE", raising=False)
    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "home"))
    yield
    ring._opened.clear()
    ring.ask_by(None)


@pytest.fixture
def filled(tmp_path: Path) -> str:
    """The address of a plain store with the roster of a small cell, and one automatic backup of it."""
    url = f"sqlite:///{tmp_path / 'kho' / 'dubi.sqlite'}"
    assert initialise(url)
    import_file(url, ROSTER, apply=True)
    undo(url)
    import_file(url, ROSTER, apply=True)
    return url


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
