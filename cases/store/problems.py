"""What the database or the machine complains of, said in Vietnamese; nothing of the data and no password is quoted."""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cases.store.sight import sight
from rules.loader.errors import BadInput, StoreProblem, bare_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

MOVED = "Kho “{place}” vừa được thay bằng một tệp khác (mã hoá, giải mã, phục hồi). Chưa ghi gì; chạy lại lệnh."
"""Said to who had opened the file that stood there before."""
_SQLITE_PROBLEMS = {
    "SQLITE_FULL": "Ổ đĩa hoặc hạn mức đã đầy khi ghi kho “{place}”; chưa có gì được ghi. Dọn bớt rồi thử lại.",
    "SQLITE_BUSY": "Kho “{place}” đang bận vì một lệnh khác đang ghi. Đợi lệnh đó xong rồi thử lại.",
    "SQLITE_LOCKED": "Kho “{place}” đang bận vì một lệnh khác đang ghi. Đợi lệnh đó xong rồi thử lại.",
    "SQLITE_READONLY_DBMOVED": MOVED,
    "SQLITE_READONLY": "Kho “{place}” chỉ đọc được, không ghi được. Kiểm tra quyền của tệp và thư mục.",
    "SQLITE_CANTOPEN": "Không mở được kho “{place}”. Kiểm tra đường dẫn, quyền của tệp và thư mục.",
    "SQLITE_PERM": "Không có quyền mở kho “{place}”. Kiểm tra quyền của tệp và thư mục.",
    "SQLITE_AUTH": "“{place}” có phần không phải của dubi (view). Chọn tệp khác bằng --store.",
    "SQLITE_NOTADB": "“{place}” không phải là kho của dubi. Chọn tệp khác bằng --store.",
    "SQLITE_CORRUPT": "Kho “{place}” bị hỏng. Lấy lại từ bản sao lưu gần nhất.",
    "SQLITE_IOERR": "Ổ đĩa báo lỗi khi đọc hoặc ghi kho “{place}”. Kiểm tra ổ đĩa, rồi lấy lại từ bản sao lưu nếu cần.",
    "SQLITE_CONSTRAINT": "Kho “{place}” từ chối dữ liệu trái ràng buộc; chưa có gì được ghi.",
}


_CIPHER = "sqlcipher3.dbapi2"
_NOT_BY_THIS_KEY = (
    "Kho đã mã hoá “{place}” không mở được bằng khoá của nó: tệp khoá của một kho khác đặt nhầm chỗ, hoặc tệp kho bị "
    "hỏng. Lấy lại khoá từ một bản sao lưu của kho (dubi store key --from BẢN-SAO-LƯU), hoặc phục hồi từ bản sao lưu."
)


def sqlite_errors(kind: str = "Error", *others: type[Exception]) -> tuple[type[Exception], ...]:
    """The exceptions of a kind, of SQLite and of SQLCipher where that is in use, and any others to be met with them."""
    cipher = sys.modules.get(_CIPHER)
    return (getattr(sqlite3, kind), *([] if cipher is None else [getattr(cipher, kind)]), *others)


def driver_errors(kind: str = "Error") -> tuple[type[Exception], ...]:
    """The exceptions of a kind of every driver that is in use."""
    server = sys.modules.get("psycopg")
    return sqlite_errors(kind, *(() if server is None else (getattr(server, kind),)))


@contextmanager
def store_errors(place: str) -> Iterator[None]:
    """Say in Vietnamese what the database or the machine complains of; nothing of the data is quoted."""
    place = without_password(place)
    try:
        yield
    except sqlite_errors() as error:
        raise StoreProblem(_said(error, place)) from error
    except PermissionError as error:
        raise StoreProblem(_SQLITE_PROBLEMS["SQLITE_PERM"].format(place=place)) from error
    except OSError as error:
        raise StoreProblem(f"Không dùng được kho “{place}”: {bare_reason(error)}") from error
    except Exception as error:
        if (problem := _said_by_server(error, place)) is None:
            raise
        raise StoreProblem(problem) from error


@contextmanager
def codes_of_others() -> Iterator[None]:
    """Say of a code that something bears which the writer may not see that it is taken, and not by whom.

    Raises `BadInput` for what the database refuses of whoever sees a part of a store.
    """
    try:
        yield
    except Exception as error:
        if sight() is None or not isinstance(error, driver_errors("IntegrityError")):
            raise
        raise BadInput(
            "Chưa ghi gì: một mã (hồ sơ, người, lớp hay đơn vị) đã dùng ở nơi khác trong kho. Ghi mã khác."
        ) from error


_OF_THE_MACHINE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY", "SQLITE_FULL")


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite complains of what stands in the file, not of the machine or of others at work."""
    error = getattr(error, "orig", None) or error
    name = str(getattr(error, "sqlite_errorname", "") or "")
    return isinstance(error, sqlite_errors("DatabaseError")) and not name.startswith(_OF_THE_MACHINE)


def _said_by_server(error: Exception, place: str) -> str | None:
    """What a server's driver says, or SQLAlchemy over a driver; None for a mistake of our own.

    Such a one is not to be mistaken for the machine's.
    """
    said = getattr(error, "orig", None) or error
    if isinstance(said, sqlite_errors()):
        return _said(said, place)
    if not isinstance(said, driver_errors()):
        return None
    if isinstance(said, driver_errors("ProgrammingError")) and not getattr(said, "sqlstate", None):
        return None  # the driver itself refused our statement
    return _said_by_postgresql(said, place)


_POSTGRESQL_PROBLEMS = {
    "55P03": _SQLITE_PROBLEMS["SQLITE_BUSY"],  # lock_not_available
    "40": _SQLITE_PROBLEMS["SQLITE_BUSY"],  # rolled back to let another go first
    "57014": _SQLITE_PROBLEMS["SQLITE_BUSY"],  # query_canceled
    "53100": _SQLITE_PROBLEMS["SQLITE_FULL"],  # disk_full
    "23": _SQLITE_PROBLEMS["SQLITE_CONSTRAINT"],
    "25006": "Kho “{place}” chỉ đọc được, không ghi được. Kiểm tra quyền của tài khoản trên máy chủ.",
    "42501": "Tài khoản không có quyền trên kho “{place}”. Nhờ người quản trị máy chủ cấp quyền.",
}
"""By SQLSTATE, or the class it begins with."""


def _said_by_postgresql(error: BaseException, place: str) -> str:
    state = str(getattr(error, "sqlstate", None) or "")
    for known, words in _POSTGRESQL_PROBLEMS.items():
        if state.startswith(known):
            return words.format(place=place)
    if not state:  # a connection that did not come about has no state: who refused it is not said
        return f"Không nối được tới kho “{place}”. Kiểm tra địa chỉ, tài khoản, tên kho và mạng."
    return f"Máy chủ của kho “{place}” từ chối (mã {state}). Kiểm tra máy chủ, hoặc báo lỗi cho người phát triển."


def _said(error: BaseException, place: str) -> str:
    name = str(getattr(error, "sqlite_errorname", None) or "SQLITE_ERROR")
    if name == "SQLITE_NOTADB" and not isinstance(error, sqlite3.Error):
        return _NOT_BY_THIS_KEY.format(place=place)
    for known, words in _SQLITE_PROBLEMS.items():
        if name.startswith(known):
            return words.format(place=place)
    return f"Không đọc được kho “{place}” ({name}). Lấy lại từ bản sao lưu, hoặc báo lỗi cho người phát triển."


def without_password(place: str) -> str:
    scheme, found, rest = place.partition("://")
    if not found:
        return place
    if scheme.startswith("sqlite"):
        return rest.removeprefix("/")
    account, at, server = rest.rpartition("@")
    server = re.sub(r"(?i)(pass\w*=)[^&]*", r"\1***", server)
    return f"{scheme}://{account.partition(':')[0]}{at}{server}"
