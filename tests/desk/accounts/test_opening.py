"""What is kept of those who sign in stands beside the store, for its owner's eyes, and is made by the first write."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from cases.values.places import desk_file
from desk.accounts.opening import reading, writing
from desk.accounts.tables import METADATA
from tests.postgresql import on_postgresql, own_store


def test_reading_makes_nothing_and_writing_makes_a_private_file(tmp_path: Path) -> None:
    """Who only asks leaves no file; the first write makes it for its owner alone, with every table."""
    url = f"sqlite:///{tmp_path / 'dubi.sqlite'}"
    with reading(url) as connection:
        assert connection is None
    assert list(tmp_path.iterdir()) == []
    for _ in range(2):  # the second finds all there
        with writing(url) as made:
            assert set(sa.inspect(made).get_table_names()) == set(METADATA.tables)
    file = tmp_path / "desk.sqlite"
    assert file.stat().st_mode & 0o777 == 0o600
    with reading(url) as connection:
        assert connection is not None


def test_each_store_has_users_of_its_own(tmp_path: Path) -> None:
    """Two stores in one folder share no users; a link to a store is that store, and opens nothing past them."""
    one, other, link = tmp_path / "dubi.sqlite", tmp_path / "khac.sqlite", tmp_path / "link.sqlite"
    one.touch()
    link.symlink_to(one)
    files = [desk_file(f"sqlite:///{path}") for path in (one, other, link)]
    assert files[0] == files[2] == tmp_path / "desk.sqlite"
    assert files[1] not in (None, files[0])


@on_postgresql
def test_on_a_server_they_are_a_schema_of_their_own() -> None:
    """On PostgreSQL nothing of them stands among the store's tables."""
    with own_store() as url:
        with reading(url) as connection:
            assert connection is None
        with writing(url):
            pass
        with reading(url) as connection:
            assert connection is not None
            found = sa.inspect(connection)
            assert set(found.get_table_names(schema="desk")) == set(METADATA.tables)
            assert not set(found.get_table_names()) & set(METADATA.tables)
