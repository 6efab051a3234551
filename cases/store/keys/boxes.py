"""Small files that lie beside an encrypted store, closed with a key made of its own: what they hold names people.

AES-256-GCM; the key comes from the store's raw key by HKDF, so that no key closes both pages and files.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cases.store.keys.ring import keys_beside, raw_key
from cases.values.places import home, private_folder, sqlite_path
from rules.loader.errors import StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEGINS = b"dubi-kin-1\n"
_NONCE = 12
_PREFIX = ".dubi-tam-"
"""Of the folders that stand as long as something is done with a file in them."""
_LONGEST = 60 * 60
_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
"""Where Linux keeps files that reach no disk."""


class BoxDamaged(StoreProblem):
    """A closed file that this store's key does not open."""


def closed(raw: bytes | None, content: bytes) -> bytes:
    """A content as it is put down beside a store with this key; as it is beside a plain one."""
    if raw is None:
        return content
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    return _BEGINS + nonce + AESGCM(_key(raw)).encrypt(nonce, content, _BEGINS)


def is_closed(content: bytes) -> bool:
    """Whether a content is one that was closed."""
    return content.startswith(_BEGINS)


def any_closed(places: Iterable[Path]) -> bool:
    """Whether a file in these folders, or one of these files, is closed; raises `OSError`."""
    files = (file for place in places for file in (place, *place.rglob("*")) if file.is_file())
    return any(is_closed(file.read_bytes()[: len(_BEGINS)]) for file in files)


def open_box(url: str, path: Path) -> bytes:
    """The content of a file beside a store, closed or not; raises `OSError`, `BoxDamaged`, `Locked`."""
    content = path.read_bytes()
    if not is_closed(content):
        return content
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    store = sqlite_path(url)
    at = len(_BEGINS)
    for raw in () if store is None else keys_beside(store):
        try:
            return AESGCM(_key(raw)).decrypt(content[at : at + _NONCE], content[at + _NONCE :], _BEGINS)
        except InvalidTag:
            continue
    raise BoxDamaged(f"Tệp “{path}” bị hỏng, hoặc không thuộc kho này. Xoá tệp ấy rồi làm lại.")


@contextmanager
def fleeting(url: str, otherwise: Path) -> Iterator[Path]:
    """A folder for files that are needed as long as the block runs; of an encrypted store they reach no disk.

    That is where the machine has files in memory; elsewhere they stand with the user's data (`in_memory`).
    """
    if raw_key(url) is not None:
        with in_memory() as folder:
            yield folder
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=otherwise) as own:
        yield Path(own)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder of the owner's for as long as the block runs: in memory where the machine has files there.

    Elsewhere it stands with the user's data, where `clear_fleeting` finds what a killed process left.
    """
    place = _MEMORY
    if not (_MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)):
        place = home()
        private_folder(place)
    import tempfile

    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place) as folder:
        yield Path(folder)


def clear_fleeting(otherwise: Path) -> None:
    """Take away what killed processes left in memory, or in a folder of the owner's, more than an hour ago."""
    for place in (_MEMORY, otherwise):
        for folder in place.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                stands = folder.lstat()
                own = not hasattr(os, "getuid") or stands.st_uid == os.getuid()
                if own and stat.S_ISDIR(stands.st_mode) and time.time() - stands.st_mtime > _LONGEST:
                    shutil.rmtree(folder)


def _key(raw: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"dubi files beside a store").derive(raw)
