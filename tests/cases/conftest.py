"""A store of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.store import initialise


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The address of a new, empty store."""
    url = f"sqlite:///{tmp_path / 'kho' / 'dubi.sqlite'}"
    assert initialise(url)
    return url
