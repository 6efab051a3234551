"""A store with its first user."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.accounts.an_office import ADMIN, PASSWORD, Place, hash_lightly, made_in


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A store with two units and one user, its administrator."""
    hash_lightly(monkeypatch)
    made = made_in(tmp_path, "CB-01", "CB-02")
    made.before(None).add(ADMIN, PASSWORD)
    return made
