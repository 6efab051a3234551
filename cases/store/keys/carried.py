"""Where a wrapped key is carried: in a small file beside a store, and at the end of each of its backups.

A backup is one file that people put on a USB stick: its key goes along inside, behind the last page of the database,
where SQLite does not look. So it opens on any machine for who knows the passphrase or the recovery code.
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from cases.store.keys.problems import KeyFileDamaged
from cases.values.places import key_file
from cases.values.whole_file import ENDS_WITH_KEY, SQLITE_HEADER, whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from cases.store.keys.wrapping import Wrapped

PAGE = 4096
"""Bytes: a page of the database, and what a key at the end of one takes."""
_MOST_BYTES = 64 * 1024
_LENGTH = struct.Struct(">I")


def header(path: Path) -> bytes:
    """The first bytes of a file, by which a plain database is told; empty where there is none or nothing in it."""
    try:
        if not path.is_file():  # a pipe may never say anything
            return b""
        with path.open("rb") as file:
            return file.read(len(SQLITE_HEADER))
    except OSError:
        return b""


def may_be_encrypted(path: Path) -> bool:
    """Whether a file looks like an encrypted database: whole pages, and nothing at its beginning that says anything."""
    begins = header(path)
    if len(begins) < len(SQLITE_HEADER) or begins == SQLITE_HEADER or max(begins) < 0x80:
        return False
    return path.is_file() and path.stat().st_size % PAGE == 0


def wrapped_of(path: Path) -> Wrapped | None:
    """The wrapped key of a store or a backup: beside it, else inside; None where there is none.

    Raises `KeyFileDamaged`.
    """
    return beside(path) or inside(path)


def beside(path: Path) -> Wrapped | None:
    """The wrapped key beside a store; None where there is none. Raises `KeyFileDamaged`."""
    place = key_file(path)
    try:
        with place.open("rb") as file:
            return _unwritten(file.read(_MOST_BYTES), place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise KeyFileDamaged(f"Không đọc được tệp khoá “{place}”. Kiểm tra quyền của tệp và thư mục.") from error


def _unwritten(text: bytes, place: Path) -> Wrapped:
    from cases.store.keys.wrapping import from_text  # who has no key waits for nothing that opens one

    return from_text(text, place)


def inside(path: Path) -> Wrapped | None:
    """The wrapped key at the end of a backup; None where there is none. Raises `KeyFileDamaged`."""
    found = _end(path)
    return None if found is None else _unwritten(found, path)


def keep_beside(path: Path, wrapped: Wrapped) -> None:
    """Write the wrapped key of a store beside it; raises what `whole_file` raises."""
    from cases.store.keys.wrapping import as_text

    with whole_file(key_file(path), replace=True) as draft:
        draft.write_text(as_text(wrapped), encoding="ascii")


def drop_beside(path: Path) -> None:
    """Take away the wrapped key beside a file of its own, where it has one; raises `OSError`."""
    place = key_file(path)
    if place.name.startswith(path.resolve().name):  # not that of the store whose users a file keeps
        place.unlink(missing_ok=True)


def read_from(file: Path) -> Wrapped | None:
    """The wrapped key in a backup, in a file that stood beside a store, or beside the file; None where there is none.

    Raises `KeyFileDamaged`.
    """
    if header(file)[:1] == b"{":
        with file.open("rb") as opened:
            return _unwritten(opened.read(_MOST_BYTES), file)
    return inside(file) or beside(file)


def put_inside(path: Path, wrapped: Wrapped) -> None:
    """Write the wrapped key at the end of a copy, in the place of an earlier one; raises `OSError`."""
    from cases.store.keys.wrapping import as_text

    take_out(path)
    text = as_text(wrapped).encode("ascii")
    ending = _LENGTH.pack(len(text)) + ENDS_WITH_KEY
    pages = -(-(len(text) + len(ending)) // PAGE) * PAGE
    with path.open("ab") as file:
        file.write((text + ending).rjust(pages, b"\n"))


def take_out(path: Path) -> None:
    """Leave a copy without a key at its end; raises `OSError`."""
    found = _end(path)
    if found is not None:
        size = path.stat().st_size
        taken = len(found) + _LENGTH.size + len(ENDS_WITH_KEY)
        os.truncate(path, size - -(-taken // PAGE) * PAGE)


def _end(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if size < 2 * PAGE:
                return None
            file.seek(size - len(ENDS_WITH_KEY) - _LENGTH.size)
            (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
            if file.read() != ENDS_WITH_KEY or not 0 < length <= _MOST_BYTES:
                return None
            file.seek(size - len(ENDS_WITH_KEY) - _LENGTH.size - length)
            return file.read(length)
    except OSError:
        return None
