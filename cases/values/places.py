"""Where a store is: its address, the folder for the user's data, and on which disk its file may stand."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path, PurePath, PureWindowsPath
from typing import TYPE_CHECKING

from rules.loader.errors import StoreProblem
from rules.loader.kept.place import home as home
from rules.loader.kept.place import private_folder as private_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

_REMOTE = 4
"""What Windows calls a drive that stands for a folder of another machine (GetDriveTypeW)."""
SQLITE = "sqlite:///"
_STORE, _DESK = "dubi.sqlite", "desk.sqlite"
"""The names of a store and of what is kept of its users, where nobody gives others."""
KEY_ENDING = ".khoa.json"
"""Of the wrapped key beside an encrypted store, after the name of the store."""
_WAIT_SECONDS, _LONGEST_WAIT = 10, 86_400
"""How long a command waits for another that is writing, unless DUBI_WAIT says otherwise; a day at most."""


def store_url(option: str | None = None, environ: Mapping[str, str] | None = None) -> str:
    """The store to use: the option, else `DUBI_STORE`, else a file in `DUBI_HOME` or the user's data directory."""
    environ = os.environ if environ is None else environ
    chosen = option or environ.get("DUBI_STORE")
    if chosen:
        return chosen if "://" in chosen else f"{SQLITE}{Path(chosen).expanduser().absolute()}"
    return f"{SQLITE}{home(environ) / _STORE}"


def wait_seconds() -> int:
    """How long to wait for another command that is writing."""
    said = os.environ.get("DUBI_WAIT", "")
    if not (said.isascii() and said.isdecimal()):
        return _WAIT_SECONDS
    return int(said) if len(said) <= len(str(_LONGEST_WAIT)) and int(said) <= _LONGEST_WAIT else _LONGEST_WAIT


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite store, None for another database."""
    if not url.startswith("sqlite"):
        return None
    _, _, place = url.partition(":///")
    if not place or place == ":memory:":
        raise StoreProblem(f"Kho “{url}” không có tên tệp. Ghi dạng sqlite:///đường/dẫn/tới/dubi.sqlite")
    return Path(place.partition("?")[0])


def beside(url: str, what: str) -> Path:
    """Where something that belongs to a store is kept: beside its file, or in the user's folder for a server's."""
    path = sqlite_path(url)
    if path is not None:
        return path.with_name(f"{path.name}.{what}")
    return home() / f"{what}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"


def desk_file(url: str) -> Path | None:
    """What is kept beside the file of a store of those who sign in; None for a server's, which keeps it itself.

    `desk.sqlite` beside `dubi.sqlite`; beside a store of another name it bears that too: each has users of its own.
    """
    path = sqlite_path(url)
    if path is None:
        return None
    path = path.resolve()  # a link to a store is that store
    return path.with_name(_DESK if path.name == _STORE else f"{path.name}.{_DESK}")


def key_file(path: Path) -> Path:
    """Where the wrapped key of an encrypted store stands: beside its file; what is kept of users shares their store's.

    A link to a store is that store.
    """
    path = path.resolve()
    if path.name == _DESK:
        path = path.with_name(_STORE)
    return path.with_name(f"{path.name.removesuffix(f'.{_DESK}')}{KEY_ENDING}")


def require_own_disk(path: PurePath) -> None:
    """Refuse a store on another machine: two that write there at once destroy it (sqlite.org, "Over a Network").

    Raises `StoreProblem`. Workbooks and backups may stand there; they are read and written as a whole.
    """
    if on_network(path):
        raise StoreProblem(
            f"Kho “{path}” nằm trên máy khác trong mạng; hai máy cùng ghi ở đó sẽ làm hỏng kho. Để kho trên ổ đĩa của "
            "máy này; nhiều máy cùng dùng thì một máy làm máy chủ của cơ quan: dubi web --office."
        )


def on_network(path: PurePath) -> bool:
    """Whether a path of Windows is on another machine: \\\\server\\share, or a letter that stands for such a folder."""
    if not isinstance(path, PureWindowsPath):
        return False
    drive = path.drive
    if drive.startswith(("\\\\?\\", "\\\\.\\")):
        drive = drive[4:]
        if drive.upper().startswith("UNC\\"):
            return True
    return drive.startswith("\\\\") or _stands_for_another(drive)


def _stands_for_another(letter: str) -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{letter}\\") == _REMOTE)
    return False


def uri_of(path: PurePath) -> str:
    """The address of an absolute path as SQLite reads it, also of one on another machine, whose name it takes twice."""
    uri = path.as_uri()
    return uri if uri.startswith("file:///") else f"file:////{uri.removeprefix('file://')}"
