"""What runs a query on a store, whatever database it is on, and how a text is said in one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

_Thing = TypeVar("_Thing")

Execute = Callable[[str], Iterable[Any]]
"""Runs one query and gives its rows."""

ANY = "1 = 1"
"""The condition that every row meets."""
_NOT_SAID = "[\\\\\0\ud800-\udfff]"
"""Signs that a database does not take for themselves, or not at all."""


def equal(column: str, text: str) -> str:
    """The condition that a column holds a text; where that cannot be said, one that more rows meet."""
    return ANY if re.search(_NOT_SAID, text) else f"{column} = {quoted(text)}"


def within(column: str, text: str) -> str:
    """The condition that a column has a text within; where that cannot be said, one that more rows meet."""
    # no LIKE: of the databases only SQLite takes small letters for capitals in it
    return ANY if re.search(_NOT_SAID, text) else f"replace({column}, {quoted(text)}, '') <> {column}"


def in_parts(things: Iterable[_Thing], most: int) -> Iterator[list[_Thing]]:
    """The things in lists of so many: more than that one query does not name."""
    rest = iter(things)
    while some := list(islice(rest, most)):
        yield some


def quoted(text: str) -> str:
    """A text as it stands in a query."""
    return "'{}'".format(text.replace("'", "''"))
