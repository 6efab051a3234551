"""Where the file of a store may stand: on a disk of this machine, and how SQLite is told to open it there."""

from __future__ import annotations

import sys
from pathlib import PurePath, PureWindowsPath

from rules.loader.errors import StoreProblem

_REMOTE = 4
"""What Windows calls a drive that stands for a folder of another machine (GetDriveTypeW)."""


def require_own_disk(path: PurePath) -> None:
    """Refuse a store on another machine: two that write there at once destroy it (sqlite.org, "Over a Network").

    Raises `StoreProblem`. Workbooks and backups may stand there; they are read and written as a whole.
    """
    if on_network(path):
        raise StoreProblem(
            f"Kho “{path}” nằm trên máy khác trong mạng; hai máy cùng ghi ở đó sẽ làm hỏng kho. Để kho trên ổ đĩa của "
            "máy này; nhiều máy cùng dùng thì đặt kho trên máy chủ PostgreSQL (--store postgresql://…)."
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
