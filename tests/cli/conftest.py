"""The command as a user has it: a process of its own, in a folder of its own, with the store of nobody else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DATA

DUBI = Path(sys.prefix) / "bin" / "dubi"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


Dubi = Callable[..., Ran]


@pytest.fixture
def dubi(tmp_path: Path) -> Dubi:
    """Run the installed command; extra keywords are environment variables."""

    def run(*arguments: object, **environment: str) -> Ran:
        done = subprocess.run(
            [str(DUBI), *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
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
    subprocess.run([str(DUBI), "init", "--store", str(place)], capture_output=True, check=True)
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
    command = [str(DUBI), "import", str(DATA / "rosters" / "chi-bo-nho.xlsx"), "--apply", "--store", str(place)]
    subprocess.run(command, capture_output=True, check=True)
    return place


@pytest.fixture
def book(filled_store: Path, tmp_path: Path) -> Path:
    """The filled store in its usual place."""
    place = tmp_path / "home" / "dubi.sqlite"
    place.parent.mkdir()
    shutil.copyfile(filled_store, place)
    return place
