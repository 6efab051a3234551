"""The one writer of files: whole or not at all, for its owner's eyes, and never over what nobody said may go."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cases.values.places import key_file
from cases.values.refusals import BadFile, LockedFile, TargetExists
from rules.loader.errors import BadInput, DubiError, StoreProblem, bare_reason

SQLITE_HEADER = b"SQLite format 3\0"
ENDS_WITH_KEY = b"\ndubi-khoa-1"
"""The last bytes of an encrypted copy of a store, which carries its wrapped key inside."""
_ZIP = b"PK\3\4"
_ENTRY, _ENTRY_SIZE, _SYSTEM_AT, _UNIX = struct.Struct("<5xB22xHHH"), 46, 5, 3
"""An entry of a zip's directory as far as it is read: its system, and the lengths of what follows it."""
_SHOWN = 40
"""Letters of the name in that of the draft, which is longer otherwise and may then be too long for the system."""
_BESIDE = ("", "-journal", "-wal", "-shm")
"""What can stand beside a draft that SQLite writes."""


@contextmanager
def whole_file(
    path: Path, *, suffix: str = "", replace: bool, store: bool = False, as_it_came: bool = False
) -> Iterator[Path]:
    """An empty draft beside the path, readable by its owner alone, that takes its place when the block ends well.

    Nothing is left of it when the block does not end well. `suffix` is how the name has to end. A store or a copy of
    one is never written over, unless what is written is such a copy itself (`store`). A file of somebody else that is
    only kept (`as_it_came`) is neither opened nor made the same everywhere.
    Raises `BadInput` where the place takes no file, `TargetExists` where there is one and it may not be replaced,
    `LockedFile` where the machine does not let go of it, and `StoreProblem` for a medium that is full or read-only.
    """
    _require_place(path, suffix=suffix, replace=replace, store=store)
    draft = path.with_name(f".{path.stem[:_SHOWN]}-{os.urandom(4).hex()}{path.suffix}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield draft
        if not as_it_came:
            same_everywhere(draft)
        sync(draft)
        _put_in_place(draft, path, replace=replace)
        sync(path.absolute().parent)
    except BrokenPipeError:  # somebody has stopped reading what is printed meanwhile; the file is not to blame
        raise
    except OSError as error:
        raise _said(error, path) from error
    except Exception as error:
        of_machine = next(iter(error.args), None)  # a library that writes workbooks wraps what the machine said
        if not isinstance(of_machine, OSError):
            raise
        raise _said(of_machine, path) from error
    finally:
        for ending in _BESIDE:
            with suppress(OSError):
                Path(f"{draft}{ending}").unlink(missing_ok=True)


def _said(error: OSError, path: Path) -> DubiError:
    if isinstance(error, PermissionError):
        return LockedFile(
            path,
            "không ghi được: đang mở trong Excel hoặc không có quyền ghi.",
            "Đóng tệp trong Excel rồi thử lại; nếu vẫn không được, chọn thư mục khác.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return BadInput(f"Tên tệp “{path.name}” quá dài. Đặt tên ngắn hơn.")
    return StoreProblem(f"Không ghi được tệp “{path}”: {bare_reason(error)}")


def _require_place(path: Path, *, suffix: str, replace: bool, store: bool) -> None:
    if suffix and path.suffix.lower() != suffix:
        raise BadInput(f"Tên tệp “{path}” phải kết thúc bằng {suffix}. Ghi lại tên tệp.")
    if path.is_dir():
        raise BadInput(f"“{path}” là một thư mục. Ghi cả tên tệp, ví dụ {path / ('danh-sach' + suffix)}.")
    if not path.parent.is_dir():
        raise BadInput(f"Không có thư mục “{path.parent}”. Tạo thư mục trước hoặc chọn nơi khác.")
    if path.exists() and not path.is_file():
        raise BadInput(f"“{path}” không phải là một tệp thường nên không bị ghi đè. Chọn tên khác.")
    if path.exists() and not replace:
        raise TargetExists(path)
    if not store and is_database(path):
        raise BadFile(path, "là kho hoặc bản sao lưu, không bị ghi đè.", "Chọn tên tệp khác.")


def is_database(path: Path) -> bool:
    """Whether the file is a store on this machine or a backup: a database of SQLite, plain or encrypted."""
    try:
        with path.open("rb") as file:
            if file.read(len(SQLITE_HEADER)) == SQLITE_HEADER:
                return True
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - len(ENDS_WITH_KEY)))
            return file.read() == ENDS_WITH_KEY or (size > 0 and key_file(path).exists())
    except OSError:
        return False


def _put_in_place(draft: Path, path: Path, *, replace: bool) -> None:
    """Give the draft its name; what came there meanwhile stays, unless it may be replaced."""
    if not replace:
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            raise TargetExists(path) from None
        except OSError:  # a file system without links
            pass
        else:
            return
    draft.replace(path)


def same_everywhere(path: Path) -> None:
    """Have a zip (.xlsx, .docx) not say which system made it: the same content gives the same bytes on each.

    The directory at its end names the system of each file (APPNOTE 4.4.2); nothing else of it differs.
    """
    with path.open("rb+") as file:
        if file.read(len(_ZIP)) != _ZIP:
            return
        import zipfile

        with zipfile.ZipFile(file) as archive:
            place, names = archive.start_dir, len(archive.infolist())
        for _ in range(names):
            file.seek(place)
            entry = file.read(_ENTRY.size)
            system, *lengths = _ENTRY.unpack(entry)
            if system != _UNIX:
                file.seek(place + _SYSTEM_AT)
                file.write(bytes([_UNIX]))
            place += _ENTRY_SIZE + sum(lengths)


def sync(path: Path) -> None:
    """Have the medium hold what was written; a folder that cannot be synced is no failure."""
    with suppress(PermissionError, IsADirectoryError):
        # Windows syncs only what was opened for writing, and opens no folder at all
        number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(number)
        finally:
            os.close(number)
