"""A plain scan of a store, nothing done with what it reads: `python -m bench.commands.scan STORE WHAT [FACT …]`.

``facts`` reads the columns that a list of cases rests on; ``log`` reads all that the log has. A process of its own
that loads nothing but sqlite3, so that it is the least that reading can take.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence

_JOINED = "cases AS c JOIN persons AS p ON p.id = c.person_id JOIN units AS u ON u.id = c.unit_id"


def statements(what: str, facts: Sequence[str]) -> list[str]:
    """What is read."""
    if what == "log":
        return ["SELECT * FROM batches", "SELECT * FROM changes"]
    names = ", ".join(f"'{name}'" for name in facts)
    return [
        f"SELECT case_id, kind, happened_on FROM steps WHERE kind IN ({names})",  # noqa: S608  # our own names
        f"SELECT case_id, name, value FROM attributes WHERE name IN ({names})",  # noqa: S608  # our own names
        f"SELECT c.id, c.code, u.code, p.full_name, p.born_on, p.sex FROM {_JOINED}",  # noqa: S608  # our own names
    ]


def main() -> None:
    """Read, and say how many rows there were."""
    path, what, *facts = sys.argv[1:]
    store = sqlite3.connect(path)
    rows = 0
    for statement in statements(what, facts):
        read = store.execute(statement)
        while part := read.fetchmany(10_000):
            rows += len(part)
    print(rows)


if __name__ == "__main__":
    main()
