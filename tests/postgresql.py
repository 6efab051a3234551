"""PostgreSQL stores of a test's own on the server that DUBI_TEST_POSTGRESQL names (`.ci/run` starts one)."""

from __future__ import annotations

import atexit
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from cases.store.connection import initialise
from tests.whole import TORTURE, WHOLE

SERVER = os.environ.get("DUBI_TEST_POSTGRESQL", "")

on_postgresql = pytest.mark.skipif(
    not SERVER and (TORTURE or not WHOLE), reason="no PostgreSQL server: DUBI_TEST_POSTGRESQL is not set"
)
"""Passed over without a server; a run of everything fails without one."""


def _run(statement: str) -> None:
    """Run one statement; all of them are made of our own words."""
    import psycopg

    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(statement)


@contextmanager
def own_schema() -> Iterator[str]:
    """The address of an empty schema, dropped at the end."""
    name = f"test_{secrets.token_hex(6)}"
    _run(f"CREATE SCHEMA {name}")
    try:
        yield f"{SERVER}?options=-csearch_path%3D{name}"
    finally:
        _run(f"DROP SCHEMA {name} CASCADE")


@contextmanager
def store_of_nobody_special() -> Iterator[str]:
    """The address of an empty store whose owner is no superuser and passes no wall; dropped at the end."""
    name = f"walled_{secrets.token_hex(6)}"
    _run(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS")
    _run(f"CREATE DATABASE {name} OWNER {name}")
    try:
        account, _, place = _address(name).rpartition("@")
        url = f"{account.partition('://')[0]}://{name}@{place}"
        initialise(url)
        yield url
    finally:
        _run(f"DROP DATABASE {name} WITH (FORCE)")
        _run(f"DROP ROLE {name}")


@cache
def _pattern() -> str:
    """A database with an empty store in it, made once: the others are copies of it."""
    name = f"pattern_{secrets.token_hex(6)}"
    _run(f"CREATE DATABASE {name}")
    atexit.register(_run, f"DROP DATABASE {name} WITH (FORCE)")
    initialise(_address(name))
    return name


def _address(database: str) -> str:
    return f"{SERVER.rpartition('/')[0]}/{database}"


@contextmanager
def own_store() -> Iterator[str]:
    """The address of an empty store, dropped at the end."""
    name = f"store_{secrets.token_hex(6)}"
    _run(f"CREATE DATABASE {name} TEMPLATE {_pattern()} STRATEGY FILE_COPY")
    try:
        yield _address(name)
    finally:
        _run(f"DROP DATABASE {name} WITH (FORCE)")
