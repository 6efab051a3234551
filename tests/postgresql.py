"""A PostgreSQL store of a test's own: a schema of the server that DUBI_TEST_POSTGRESQL names (`.ci/run` starts one)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

SERVER = os.environ.get("DUBI_TEST_POSTGRESQL", "")

on_postgresql = pytest.mark.skipif(not SERVER, reason="no PostgreSQL server: DUBI_TEST_POSTGRESQL is not set")


@contextmanager
def own_schema() -> Iterator[str]:
    """The address of an empty schema, dropped at the end."""
    import psycopg

    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{SERVER}?options=-csearch_path%3D{name}"
        finally:
            server.execute(f"DROP SCHEMA {name} CASCADE")
