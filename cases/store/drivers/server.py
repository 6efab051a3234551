"""The one place that opens a database on a server: PostgreSQL, by psycopg, which is loaded for it alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from cases.store.problems import without_password
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from types import ModuleType

    import psycopg

_ADDRESS = (
    r"(?:postgresql|postgres)(?:\+psycopg)?://"
    r"(?:(?P<user>[^:/]*)(?::(?P<password>[^@]*))?@)?"
    r"(?:\[(?P<six>[^/?]+)\]|(?P<host>[^/:?]+))?(?::(?P<port>[0-9]*))?"
    r"(?:/(?P<dbname>[^?]*))?(?:\?(?P<more>.*))?"
)
"""An account, a password without @, a server, a port, the name of a database, and what else the driver is to know.

Most stores are a file: `re` makes its pattern when an address is read for the first time, and keeps it.
"""

_HOST_AND_PORT = r"([^:/,]+):([0-9]+)"
_OF_THE_DRIVER = frozenset({"autocommit", "conninfo", "context", "cursor_factory", "prepare_threshold", "row_factory"})
"""What the driver takes beside what a server is told: things of Python, or ours to say."""


def connect(url: str, *, autocommit: bool = True) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection to the database at an address; with ``autocommit`` BEGIN is ours to say.

    Raises `StoreProblem` for an address that names no such database or where the driver is missing, else
    `psycopg.Error`.
    """
    options = options_of(url)
    driver = require_driver(url)
    try:
        return driver.connect(**options, autocommit=autocommit)  # type: ignore[no-any-return]  # loaded when wanted
    except driver.ProgrammingError as error:  # an option that there is not
        raise _no_address(url) from error


def options_of(url: str) -> dict[str, str]:
    """What an address says, by the driver's names for it; raises `StoreProblem`."""
    said = re.fullmatch(_ADDRESS, url)
    if said is None:
        raise _no_address(url)
    found = {name: unquote(said[name]) for name in ("user", "password", "dbname") if said[name]}
    found |= {name: said[name] for name in ("host", "port") if said[name]}
    if said["six"]:
        found["host"] = said["six"]
    asked = parse_qsl(said["more"] or "")
    hosts, others = [value for name, value in asked if name == "host"], [one for one in asked if one[0] != "host"]
    if len(dict(others)) < len(others) or not _OF_THE_DRIVER.isdisjoint(dict(others)):
        raise _no_address(url)
    found |= dict(others)
    if hosts:  # host=one:5432&host=two:5433, as is written for a server and the one that stands by
        pairs = [re.fullmatch(_HOST_AND_PORT, host) for host in hosts]
        found["host"] = ",".join(host if pair is None else pair[1] for host, pair in zip(hosts, pairs, strict=True))
        if any(pairs):
            found["port"] = ",".join("" if pair is None else pair[2] for pair in pairs)
    return found


def _no_address(url: str) -> StoreProblem:
    return StoreProblem(
        f"Địa chỉ kho “{without_password(url)}” không đúng. "
        "Ghi dạng sqlite:///đường/dẫn hoặc postgresql://tài-khoản@máy:cổng/tên"
    )


def require_driver(url: str) -> ModuleType:
    """The driver of servers; raises `StoreProblem` where this machine has none."""
    try:
        import psycopg
    except ImportError as error:
        raise StoreProblem(
            f"Máy này chưa có phần nối tới kho “{without_password(url)}”. Xem cách thêm bằng lệnh: dubi doctor --all"
        ) from error
    return psycopg
