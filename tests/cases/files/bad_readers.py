"""Readers that do what a hostile file may make a library do; in a module that a new process loads quickly."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

from cases.values.refusals import TooLarge

DAY = dt.date(2026, 1, 1)


def hungry(_: Path) -> int:
    """Takes memory without end."""
    return len([bytearray(1 << 24) for _ in range(1 << 16)])


def endless(_: Path) -> None:
    """Never ends, and works all the time."""
    while True:
        pass


def asleep(_: Path) -> None:
    """Never ends, and does nothing."""
    time.sleep(3600)


def aborts(_: Path) -> None:
    """Brings the process down."""
    os.abort()


def ends(_: Path) -> None:
    """Ends the process without an answer."""
    os._exit(0)


def says_no(path: Path) -> None:
    """Refuses the file in words of its own."""
    raise TooLarge(path, "của tôi.", "Thôi.")


def gives(_: Path, value: object) -> object:
    """Gives a value back beside a day."""
    return [value, {"a": DAY}]


def fails(_: Path) -> None:
    """As a library does that meets what its makers never saw."""
    raise ZeroDivisionError
