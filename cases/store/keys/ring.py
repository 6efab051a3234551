"""The raw keys that this process has opened, and how one more is opened: by a file for scripts, or by asking.

Nothing is kept on disk. A key that was opened once opens every file that it closed: the store, what is kept of its
users, its backups.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cases.store.keys.carried import beside, header, put_inside, wrapped_of
from cases.store.keys.problems import KeyProblem, WrongKey
from cases.values.places import key_file, sqlite_path
from cases.values.whole_file import SQLITE_HEADER
from rules.loader.errors import bare_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cases.store.keys.wrapping import Wrapped

KEY_FILE = "DUBI_KEY_FILE"
"""Names a file with the passphrase of the store, its recovery code, or the raw key; for scripts."""
_MOST_BYTES = 4096
_MOST_TRIES = 3

_opened: dict[str, bytes] = {}
_lent: dict[Path, bytes] = {}
_asks: Callable[[str], str] | None = None


class Locked(KeyProblem):
    """An encrypted store, and nobody has opened its key."""


class KeyMissing(KeyProblem):
    """What looks like an encrypted store, without its key."""


def ask_by(asks: Callable[[str], str] | None) -> None:
    """Have a passphrase asked for in this way from now on: given a question, what was typed; None asks nobody."""
    global _asks
    _asks = asks


def keys_beside(path: Path) -> tuple[bytes, ...]:
    """The keys that stand beside a store or were lent to a draft: that of now, then any of before; none without any.

    The file itself is not looked into: closing it would take away the locks that another thread has on it through
    SQLite (sqlite.org, "How To Corrupt", 2.2). Raises `Locked` where nobody can be asked, `WrongKey`, `KeyFileDamaged`.
    """
    if _lent and (lent := _lent.get(path.resolve())) is not None:
        return (lent,)
    wrapped = beside(path)
    return () if wrapped is None else _all_under(wrapped, path)


def keys_of_copy(file: Path) -> tuple[bytes, ...]:
    """The keys of a backup, which is no store at work: beside it or inside; none of a plain one. Raises as above."""
    if header(file) in (b"", SQLITE_HEADER):
        return ()
    wrapped = wrapped_of(file)
    return () if wrapped is None else _all_under(wrapped, file)


def _all_under(wrapped: Wrapped, path: Path) -> tuple[bytes, ...]:
    from cases.store.keys.wrapping import earlier_of  # who has no key waits for nothing that opens one

    raw = key_under(wrapped, path)
    return (raw, *earlier_of(wrapped, raw))


def key_under(wrapped: Wrapped, path: Path) -> bytes:
    """The raw key under a wrapping that belongs to a file, opened now where it was not yet; raises as `keys_beside`."""
    return _opened.get(wrapped.id) or _open(wrapped, path)


def key_missing(path: Path) -> KeyMissing:
    """What is said of a file that seems to be encrypted, and has no key."""
    return KeyMissing(
        f"“{path}” không phải là kho của dubi, hoặc là kho đã mã hoá mà thiếu tệp khoá “{key_file(path).name}” "
        "bên cạnh. Lấy lại khoá từ một bản sao lưu của kho: dubi store key --from BẢN-SAO-LƯU"
    )


def raw_key(url: str) -> bytes | None:
    """The raw key of the store of an address; None where it is plain, not there, or a server's. Raises as above."""
    path = sqlite_path(url)
    found = () if path is None else keys_beside(path)
    return found[0] if found else None


def is_locked(url: str) -> bool:
    """Whether a store is encrypted and its key is not opened yet, nor opened by the file for scripts."""
    path = sqlite_path(url)
    wrapped = None if path is None or not path.exists() else beside(path)
    if wrapped is None or wrapped.id in _opened:
        return False
    typed = of_key_file()
    if typed is None:
        return True
    try:
        unlock(wrapped, typed)
    except WrongKey:  # whoever sits there knows better
        return True
    return False


def unlock(wrapped: Wrapped, typed: str) -> bytes:
    """Open a wrapped key by what was typed, and remember it as long as this process lives; raises `WrongKey`."""
    from cases.store.keys.wrapping import earlier_of, opened

    raw = opened(wrapped, typed)
    remember(raw)
    for before in earlier_of(wrapped, raw):
        remember(before)
    return raw


def remember(raw: bytes) -> None:
    """Have a raw key at hand as long as this process lives."""
    from cases.store.keys.wrapping import id_of

    _opened[id_of(raw)] = raw


@contextmanager
def carrying(draft: Path, raw: bytes | None, wrapped: Wrapped | None) -> Iterator[None]:
    """While the block runs, a draft of a backup is opened with this key; at its end the wrapped key stands inside it.

    With no key it stays plain. Raises `OSError`.
    """
    with lent(draft, raw):
        yield
    if wrapped is not None:
        put_inside(draft, wrapped)


@contextmanager
def lent(path: Path, raw: bytes | None) -> Iterator[None]:
    """While the block runs, a draft is opened with this key, whatever stands beside it; None: with none of its own."""
    if raw is None:
        yield
        return
    place = path.resolve()
    _lent[place] = raw
    try:
        yield
    finally:
        del _lent[place]


def is_lent(path: Path) -> bool:
    """Whether a file is a draft that was lent a key."""
    return bool(_lent) and path.resolve() in _lent


def _open(wrapped: Wrapped, path: Path) -> bytes:
    typed = of_key_file()
    if typed is not None:
        try:
            return unlock(wrapped, typed)
        except WrongKey:
            raise WrongKey(
                f"Tệp {KEY_FILE} “{os.environ[KEY_FILE]}” không mở được “{path}”: mật khẩu, mã khôi phục hay khoá "
                "trong tệp không đúng. Sửa tệp ấy rồi chạy lại."
            ) from None
    if _asks is None:
        raise Locked(
            f"Kho “{path}” đã mã hoá. Mở cửa sổ lệnh để được hỏi mật khẩu; trong kịch bản, đặt {KEY_FILE} là tên một "
            "tệp chỉ mình đọc được, trong đó ghi mật khẩu."
        )
    asked = f"Mật khẩu (hoặc mã khôi phục) của kho “{path}”: "
    for left in reversed(range(_MOST_TRIES)):
        try:
            return unlock(wrapped, _asks(asked))
        except WrongKey:
            if not left:
                raise
            asked = f"Không đúng, còn {left} lần. {asked.removeprefix('Không đúng, còn 2 lần. ')}"
    raise AssertionError  # the last try has raised


def of_key_file() -> str | None:
    """What the file for scripts holds; None where no such file is named. Raises `Locked` where it cannot be read."""
    name = os.environ.get(KEY_FILE)
    if not name:
        return None
    try:
        with Path(name).expanduser().open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8-sig").strip("\r\n")
    except OSError as error:
        raise Locked(f"Không đọc được tệp {KEY_FILE} “{name}”: {bare_reason(error)}") from error
    except ValueError:
        raise Locked(f"Tệp {KEY_FILE} “{name}” không phải tệp chữ (UTF-8). Ghi lại tệp ấy.") from None
