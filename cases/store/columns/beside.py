"""Where a large store's columns are kept, and how they go: where they may tell of what the store itself hides now."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from cases.values.places import sqlite_path

if TYPE_CHECKING:
    from pathlib import Path

_ENDING = ".columns"
_AT_ONCE = 1 << 20


def folder_beside(path: Path) -> Path:
    """Where the columns of a SQLite store are kept."""
    return path.with_name(path.name + _ENDING)


def drop_columns(url: str) -> None:
    """Overwrite and delete what is kept of a store in columns."""
    path = sqlite_path(url)
    if path is None or not folder_beside(path).is_dir():
        return
    for file in folder_beside(path).rglob("*"):
        with suppress(OSError):
            if file.is_file() and not file.is_symlink():
                with file.open("r+b") as old:
                    for at in range(0, file.stat().st_size, _AT_ONCE):
                        old.write(bytes(min(_AT_ONCE, file.stat().st_size - at)))
    shutil.rmtree(folder_beside(path), ignore_errors=True)
