"""The command as a user has it, in a folder of its own and with the store of nobody else (see `tests.calling`)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.calling import DUBI, Dubi, Ran, call, start
from tests.conftest import DATA

__all__ = ["DUBI", "Dubi", "Ran"]


@pytest.fixture
def dubi(tmp_path: Path) -> Dubi:
    """Run the command in process; extra keywords are environment variables."""

    def run(*arguments: object, **environment: str) -> Ran:
        ran = call(arguments, tmp_path, environment)
        assert "Traceback" not in ran.err
        return ran

    return run


@pytest.fixture
def dubi_process(tmp_path: Path) -> Dubi:
    """Run the installed command as a process of its own; extra keywords are environment variables."""

    def run(*arguments: object, **environment: str) -> Ran:
        ran = start(arguments, tmp_path, environment)
        assert "Traceback" not in ran.err
        return ran

    return run


@pytest.fixture
def small(data: Path) -> Path:
    """The roster of one small cell."""
    return data / "rosters" / "chi-bo-nho.xlsx"


@pytest.fixture
def large(data: Path) -> Path:
    """The roster of a grassroots committee with its cells."""
    return data / "rosters" / "dang-bo-co-so.xlsx"


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it yet, made once; take a copy."""
    place = tmp_path_factory.mktemp("store") / "dubi.sqlite"
    assert call(["init", "--store", place], place.parent).code == 0
    return place


@pytest.fixture
def store(empty_store: Path, tmp_path: Path) -> Path:
    """The empty store in its usual place."""
    place = tmp_path / "home" / "dubi.sqlite"
    place.parent.mkdir()
    shutil.copyfile(empty_store, place)
    return place


@pytest.fixture(scope="session")
def filled_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the roster of a small cell, made once; take a copy."""
    place = tmp_path_factory.mktemp("filled") / "dubi.sqlite"
    shutil.copyfile(empty_store, place)
    assert call(["import", DATA / "rosters" / "chi-bo-nho.xlsx", "--apply", "--store", place], place.parent).code == 0
    return place


@pytest.fixture
def book(filled_store: Path, tmp_path: Path) -> Path:
    """The filled store in its usual place."""
    place = tmp_path / "home" / "dubi.sqlite"
    place.parent.mkdir()
    shutil.copyfile(filled_store, place)
    return place
