"""Stores of the test's own: on a file, and on a PostgreSQL server where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.store.connection import initialise
from tests.postgresql import on_postgresql, own_store


@pytest.fixture
def file_store(tmp_path: Path) -> str:
    """The address of a new, empty store on a SQLite file."""
    url = f"sqlite:///{tmp_path / 'kho' / 'dubi.sqlite'}"
    assert initialise(url)
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=on_postgresql)])
def store(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new, empty store; each test runs on every database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("file_store")
        return
    with own_store() as url:
        yield url
