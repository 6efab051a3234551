"""Reading what others made apart from us: in a child process that may take so much memory and time, and no more.

A file from outside may be made to fill the memory, to be read for ever or to bring a library down. Whatever it does,
it does it to the child. On Linux the child is forked, which costs a few thousandths of a second; where that cannot be
done (Windows, or other threads at work beside us) a new process is started, and is told what to do as plain values.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import select
import signal
import stat
import subprocess
import sys
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from cases.values.child_limits import Bounds, limit_myself
from cases.values.refusals import BadFile, LockedFile, MissingFile, TooLarge
from rules.loader.errors import DubiError
from rules.loader.spelling.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")

_MOST_ANSWERED = 1_000_000_000
"""Bytes of an answer; the rows of 100,000 people take a tenth of it."""
_SECONDS, _SECONDS_A_MEGABYTE = 20, 10
"""Of the processor, for any file and for each megabyte of it; waiting for a busy machine may take four times that."""
_MOST_SECONDS = 600
_PATIENCE = 4
_START = "import sys; sys.path[:] = {path!r}; from cases.values.apart import serve; serve()"

_in_child = False


def _frozen(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


copyreg.pickle(MappingProxyType, lambda seen: (_frozen, (dict(seen),)))
# What is frozen by such a view goes to the child and comes back; the type itself has no name that pickle could write.


class NotAFile(BadFile):
    """Something that bears a name and is no file: a device, a pipe; or a folder."""

    problem = "không phải là một tệp thường."
    advice = "Ghi tên một tệp trong máy."


class TooHard(TooLarge):
    """Reading the file took more memory or time than any file of its kind needs, or brought the reader down."""

    problem = "đòi quá nhiều bộ nhớ hoặc thời gian, hoặc bị hỏng: đọc không xong."
    advice = "Không dùng tệp này; xin lại bản gốc, hoặc mở bằng Excel hay Word rồi lưu thành tệp mới."


class Unreadable(BadFile):
    """A library failed on the file in a way that nobody foresaw: made by hand or damaged, or a fault of ours."""

    problem = "có chỗ hỏng hoặc viết lạ nên đọc không được."
    advice = "Mở bằng Excel hay Word rồi lưu thành tệp mới; vẫn vậy thì báo lỗi (thêm DUBI_DEBUG=1 để có chi tiết)."


def apart(path: Path, read: Callable[..., Found], *given: Any, fresh: bool = False) -> Found:
    """What ``read(path, *given)`` gives, done in a child; raises what it raises, and a `BadFile`.

    ``read`` and what it is given have to survive pickling, and so has what it gives. A library with threads of its
    own cannot be used by a fork of a process that has used it: it needs a ``fresh`` process.
    """
    require_file(path)
    seconds = min(_MOST_SECONDS, _SECONDS + _SECONDS_A_MEGABYTE * (path.stat().st_size // 1_000_000))
    return in_child(path, Bounds(seconds), read, *given, fresh=fresh)


def in_child(path: Path | str, bounds: Bounds, read: Callable[..., Found], *given: Any, fresh: bool = False) -> Found:
    """As `apart`, within bounds of its own, and of what may be at an address that only a library can open."""
    if _in_child:
        return read(path, *given)
    forks = not fresh and sys.platform == "linux" and threading.active_count() == 1
    try:
        answer = (_forked if forks else _started)(path, bounds, read, given)
        done, said = pickle.loads(answer)  # noqa: S301  # what our own child said
    except (EOFError, pickle.UnpicklingError, MemoryError, subprocess.TimeoutExpired):
        raise TooHard(path) from None
    if done:
        found: Found = said
        return found
    error = _risen(*said)
    foreseen = not isinstance(error, Exception) or isinstance(error, DubiError | OSError)
    if foreseen or os.environ.get("DUBI_DEBUG") == "1":
        raise error
    raise Unreadable(path) from error


def require_file(path: Path) -> None:
    """Refuse what is no regular file: reading a device or a pipe may never end; raises a `BadFile`."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise MissingFile(path, advice=_nearest(path)) from None
    except PermissionError as error:
        raise LockedFile(path, "không có quyền đọc.", "Kiểm tra quyền của tệp và thư mục.") from error
    except (OSError, ValueError) as error:  # a name that no file can bear
        raise MissingFile(path) from error
    if stat.S_ISDIR(mode):
        kind = f" {path.suffix}" if path.suffix else ""
        raise NotAFile(path, "là một thư mục.", f"Ghi tên một tệp{kind} trong thư mục đó.")
    if not stat.S_ISREG(mode):
        raise NotAFile(path)


def _nearest(path: Path) -> str | None:
    """The name in the same folder that was probably meant."""
    folder = path.parent
    names = [other.name for other in folder.glob(f"*{path.suffix}")] if path.suffix and folder.is_dir() else []
    return did_you_mean(path.name, names) or None


def content_of(path: Path, most: int) -> bytes:
    """The bytes of a regular file that holds no more than ``most``; raises a `BadFile`."""
    require_file(path)
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except PermissionError as error:
        raise LockedFile(path, "không có quyền đọc.", "Kiểm tra quyền của tệp và thư mục.") from error
    except OSError as error:
        raise BadFile(path, "không đọc được: máy báo lỗi khi đọc.", "Kiểm tra ổ đĩa rồi thử lại.") from error
    if len(content) > most:
        raise TooLarge(path, "lớn quá mức của một tệp loại này.", "Kiểm tra có đúng tệp không.")
    return content


def serve() -> NoReturn:
    """Do as the child what the parent wrote to us; this is where a started process begins."""
    bounds, read, path, given = pickle.load(sys.stdin.buffer)  # noqa: S301  # what our own parent said
    limit_myself(bounds)
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints is no part of the answer
    out.write(_answer(read, path, given))
    out.flush()
    os._exit(0)


def _answer(read: Callable[..., Any], path: Path | str, given: tuple[Any, ...]) -> bytes:
    global _in_child
    _in_child = True
    try:
        return pickle.dumps((True, read(path, *given)), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return pickle.dumps((False, (TooHard, *_parts(TooHard(path)))))
    except BaseException as error:  # noqa: BLE001  # whatever it is, the parent raises it
        try:
            return pickle.dumps((False, (type(error), *_parts(error))))
        except Exception:  # noqa: BLE001  # an exception of a library that cannot leave its process
            return pickle.dumps((False, (TooHard, *_parts(TooHard(path)))))


def _parts(error: BaseException) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return error.args, error.__dict__


def _risen(kind: type[BaseException], said: tuple[Any, ...], more: dict[str, Any]) -> BaseException:
    """An exception as the child raised it; made anew without asking it to word itself once more."""
    error = kind.__new__(kind, *said)
    error.args = said
    error.__dict__.update(more)
    return error


def _forked(path: Path | str, bounds: Bounds, read: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
    ours, theirs = os.pipe()
    with warnings.catch_warnings():  # the threads of libraries: the child uses none of them
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _live_as_child(theirs, path, bounds, read, given)
    try:
        os.close(theirs)
        return _heard(ours, time.monotonic() + bounds.seconds * _PATIENCE)
    finally:
        os.close(ours)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)  # not asked for yet, so the number is still its own
        os.waitpid(child, 0)


def _live_as_child(
    answers: int, path: Path | str, bounds: Bounds, read: Callable[..., Any], given: tuple[Any, ...]
) -> None:
    """The whole life of a forked child: nothing of it is seen but its answer."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        limit_myself(bounds)
        with os.fdopen(answers, "wb") as out:
            out.write(_answer(read, path, given))
    finally:
        os._exit(0)


def _heard(number: int, until: float) -> bytes:
    """What comes through a pipe up to its end; nothing where it takes too long or is too much."""
    parts = bytearray()
    poll = select.poll()
    poll.register(number, select.POLLIN)
    while (left := until - time.monotonic()) > 0 and len(parts) <= _MOST_ANSWERED:
        if poll.poll(left * 1000):
            part = os.read(number, 1 << 20)
            if not part:
                return bytes(parts)
            parts += part
    return b""


def _started(path: Path | str, bounds: Bounds, read: Callable[..., Any], given: tuple[Any, ...]) -> bytes:
    command = [sys.executable, "-c", _START.format(path=sys.path)]
    asked = pickle.dumps((bounds, read, path, given))
    done = subprocess.run(  # noqa: S603  # our own program
        command,
        input=asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=bounds.seconds * _PATIENCE,
        check=False,
    )
    return done.stdout
