"""What all tests share: the shipped data, and a home of their own for whatever a test stores."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.given.light_keys import make_lightly
from tests.given.reading_here import read_here
from tests.given.reading_once import read_once
from tests.given.stores import copy_new_stores

DATA = Path(__file__).parent / "data"

# The same examples on every run: a failing check must fail again. `--hypothesis-profile=default` looks for new ones.
hypothesis.settings.register_profile("checks", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("checks")


# Tests run side by side, one worker a processor: threads of one would only wait for those of the other.
os.environ.setdefault("POLARS_MAX_THREADS", "1")


LONG = (
    "tests/web/screens/test_stories.py",
    "tests/web/writing/test_two_browsers.py",
    "tests/cases/keeping/test_killing.py",
    "tests/cases/imports/test_again_sequences.py",
    "tests/desk/walls/test_wall.py",
    "tests/test_readme.py",
    "tests/engine/sweep/test_sweep_refresh.py",
    "tests/engine/sweep/test_sweep_duckdb.py",
    "tests/cases/sweeping/test_news.py",
    "tests/cli/test_sweeping.py",
    "tests/engine/single/test_lives.py",
    "tests/web/screens/test_handbook.py",
    "tests/release/test_office.py",
    "tests/cases/stores/test_scope.py",
    "tests/web/doors/test_office.py",
    "tests/web/doors/test_killed.py",
    "tests/encryption/test_every_command.py",
    "tests/encryption/test_in_browser.py",
)
"""Modules with a test that takes ten seconds and more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests come first, on every worker some: at the end none waits for another's.

    Each worker is given as many tests in their order, and takes from another when it has done its own.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    modules = {name: [item for item in items if item.nodeid.partition("::")[0] == name] for name in LONG}
    rest = [item for item in items if item.nodeid.partition("::")[0] not in LONG]
    share, more = divmod(len(items), workers)
    items.clear()
    for worker in range(workers):
        first = [item for name in LONG[worker::workers] for item in modules[name]]
        others = max(0, share + (worker < more) - len(first))
        items += [*first, *rest[:others]]
        rest = rest[others:]
    items += rest


def pytest_collection_finish() -> None:
    """What the law and all modules hold stays to the end: it need not be gone through again with every collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture
def data() -> Path:
    """The folder of the shipped rosters, expected results and calendar."""
    return DATA


@pytest.fixture(autouse=True, scope="session")
def _home_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is made once for a run remembers nothing of earlier runs, and nothing in the place of who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBI_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_stores() -> Iterator[None]:
    """New stores are copies of one that the migrations made."""
    with pytest.MonkeyPatch.context() as patch:
        copy_new_stores(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _read_here() -> Iterator[None]:
    """No test but those of hostile files waits for a child to read a file."""
    with pytest.MonkeyPatch.context() as patch:
        read_here(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _read_once() -> Iterator[None]:
    """The shipped rosters are read once; whoever calls the reader by its name reads for itself."""
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _light_keys() -> Iterator[None]:
    """A key under a passphrase costs no test a second; one test takes the effort."""
    with pytest.MonkeyPatch.context() as patch:
        make_lightly(patch)
        yield


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees or touches the store of the person who runs it, and output is plain text."""
    monkeypatch.setenv("DUBI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DUBI_STORE", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
