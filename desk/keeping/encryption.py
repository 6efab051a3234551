"""Encryption of a store with all that lies beside it: its users, its backups, what was remembered and what waits."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from cases.keeping.encrypting import (
    Copies,
    backups_of_another_form,
    drop_key,
    file_to_recast,
    fits,
    is_encrypted,
    recast_backups,
    recast_store,
    remove_backups,
    rewrap,
    users_are_encrypted,
)
from cases.keeping.erased_backups import backup_files
from cases.store.keys.boxes import any_closed
from cases.store.keys.carried import beside, keep_beside, read_from
from cases.store.keys.ring import KEY_FILE, key_under, of_key_file, raw_key, unlock
from cases.store.keys.ring import is_locked as is_locked
from cases.store.keys.wrapping import new_code as new_code
from cases.store.keys.wrapping import new_raw, same_code, with_code, with_passphrase, wrap
from cases.values.places import key_file, sqlite_path
from cases.values.whole_file import whole_file
from desk.accounts.passwords import require_good
from desk.answers import news
from desk.changes import drafts
from rules.loader.errors import BadInput, StoreProblem

Backups = Literal["rewrite", "remove", "keep"]
"""What becomes of automatic backups that have another form than their store: written anew, deleted, or left."""


@dataclass(frozen=True, slots=True)
class Form:
    """Whether a store is encrypted, with which key, and which of its backups are otherwise."""

    path: Path
    encrypted: bool
    key: str = ""
    """What names the raw key; empty for a plain store."""
    backups: tuple[Path, ...] = ()
    """The automatic backups, and what was kept of damaged stores."""
    otherwise: tuple[Path, ...] = ()
    """Those of them that are not of the store's form."""

    def as_json(self) -> dict[str, Any]:
        """The form that programs rely on."""
        return {
            "store": str(self.path),
            "encrypted": self.encrypted,
            "key": self.key or None,
            "key_file": str(key_file(self.path)) if self.encrypted else None,
            "backups_otherwise": [str(path) for path in self.otherwise],
        }


@dataclass(frozen=True, slots=True)
class Recast:
    """What was done with a store: its form now, and what became of its automatic backups."""

    form: Form
    backups: Copies
    what: Backups


def form(url: str) -> Form:
    """The form of a store; raises `BadQuestion` for a server's, `StoreProblem`."""
    path, encrypted = file_to_recast(url), is_encrypted(url)
    wrapped = beside(path) if encrypted else None
    raw = raw_key(url) if encrypted else None
    backups, otherwise = tuple(backup_files(url)), tuple(backups_of_another_form(url, raw))
    return Form(path, encrypted, "" if wrapped is None else wrapped.id, backups, otherwise)


def require_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too easily guessed; raises `BadInput`."""
    require_good(passphrase, "")


def require_typed_back(typed: str, code: str) -> None:
    """Refuse a recovery code that was not typed as it was shown; raises `BadInput`."""
    if not same_code(typed, code):
        raise BadInput("Mã khôi phục gõ lại không giống mã đã hiện. Xem lại giấy đã ghi rồi gõ lại.")


def encrypt(url: str, passphrase: str, code: str, backups: Backups) -> Recast:
    """Encrypt a store with a new key under a passphrase and a recovery code; raises `BadInput`, `StoreProblem`."""
    path = file_to_recast(url)
    if is_encrypted(url):
        raise BadInput(f"Kho “{path}” đã mã hoá. Đổi mật khẩu: dubi store rekey")
    require_passphrase(passphrase)
    if beside(path) is not None and (users_are_encrypted(url) or any_closed(_places(url))):
        _open_the_rest(url)  # making it plain was broken off
    raw = new_raw()
    wrapped = wrap(raw, passphrase, code)
    recast_store(url, wrapped, raw)
    return _with_all_beside(url, backups)


def finish(url: str, backups: Backups) -> Recast:
    """Encrypt what lies plain beside an encrypted store: that was broken off, or left; raises `StoreProblem`."""
    path = file_to_recast(url)
    wrapped = beside(path)
    if wrapped is None or not is_encrypted(url):
        raise BadInput(f"Kho “{path}” không mã hoá. Mã hoá: dubi store encrypt")
    recast_store(url, wrapped, key_under(wrapped, path))
    return _with_all_beside(url, backups)


def _with_all_beside(url: str, backups: Backups) -> Recast:
    path = file_to_recast(url)
    raw, wrapped = raw_key(url), beside(path)
    _reclose(url, raw)
    done = Copies()
    if backups == "rewrite":
        done = recast_backups(url, wrapped, raw)
    elif backups == "remove":
        done = remove_backups(url, raw)
    return Recast(form(url), done, backups)


def decrypt(url: str, backups: Backups) -> Recast:
    """Make an encrypted store plain, with all beside it; raises `BadInput` for a plain one, `StoreProblem`."""
    path = file_to_recast(url)
    if beside(path) is None:
        raise BadInput(f"Kho “{path}” không mã hoá: không có gì phải làm.")
    key = raw_key(url)
    recast_store(url, None, None)
    done = Copies()
    if backups == "rewrite":
        done = recast_backups(url, None, None)
    elif backups == "remove":
        done = remove_backups(url, None)
    assert key is not None
    _open_the_rest(url)
    return Recast(form(url), done, backups)


def _open_the_rest(url: str) -> None:
    recast_store(url, None, None)
    _reclose(url, None)
    drop_key(url)


def _reclose(url: str, raw: bytes | None) -> None:
    news.reclose(url, raw)
    drafts.reclose(url, raw)


def _places(url: str) -> list[Path]:
    return [*news.standing_files(url), drafts.drafts_folder(url)]


def rekey(url: str, typed: str | None, passphrase: str, code: str | None = None, *, raw: bool = False) -> Recast:
    """Put another passphrase on an encrypted store, another recovery code, or give it another raw key.

    ``typed`` is the passphrase of now or the recovery code, where it is not asked for otherwise. With another raw key
    the store and all its backups are written anew, and ``code`` is wanted. Raises `WrongKey`, `BadInput`,
    `StoreProblem`.
    """
    path = file_to_recast(url)
    wrapped = beside(path)
    if wrapped is None:
        raise BadInput(f"Kho “{path}” không mã hoá. Mã hoá: dubi store encrypt")
    key = key_under(wrapped, path) if typed is None else unlock(wrapped, typed)
    require_passphrase(passphrase)
    if raw:
        if code is None:
            raise BadInput("Đổi cả khoá thì phải có mã khôi phục mới.")
        fresh = new_raw()
        recast_store(url, wrap(fresh, passphrase, code, earlier=(key,)), fresh)
        done = _with_all_beside(url, "rewrite")
        if not done.backups.left:
            keep_beside(path, replace(_wrapped_of(path), earlier=()))
        return done
    changed = with_passphrase(wrapped, key, passphrase)
    if code is not None:
        changed = with_code(changed, key, code)
    return Recast(form(url), rewrap(url, changed), "rewrite")


def put_new_code(url: str, code: str) -> Copies:
    """Give an encrypted store another recovery code; the earlier one opens it no more. Raises `StoreProblem`."""
    path = file_to_recast(url)
    wrapped = _wrapped_of(path)
    return rewrap(url, with_code(wrapped, key_under(wrapped, path), code))


def _wrapped_of(path: Path) -> Any:
    wrapped = beside(path)
    if wrapped is None:
        raise BadInput(f"Kho “{path}” không mã hoá. Mã hoá: dubi store encrypt")
    return wrapped


def put_key_back(url: str, file: Path) -> None:
    """Put the key of a store beside it again, from a backup or from a copy of its key file.

    Raises `BadInput` for a file without a key, or with that of another store, `WrongKey` and `StoreProblem`.
    """
    path = sqlite_path(url)
    if path is None or not path.is_file():
        raise StoreProblem(f"Chưa có kho “{path or url}”.")
    wrapped = read_from(file)
    if wrapped is None:
        raise BadInput(f"Tệp “{file}” không mang khoá nào. Chọn một bản sao lưu của kho đã mã hoá, hoặc tệp khoá.")
    if not fits(path, key_under(wrapped, file)):
        raise BadInput(f"Khoá trong “{file}” không phải của kho “{path}”. Chọn một bản sao lưu của chính kho này.")
    keep_beside(path, wrapped)


def write_raw_key(url: str, file: Path, *, replace_it: bool) -> None:
    """Write the raw key of a store for scripts (`DUBI_KEY_FILE`), for its owner's eyes; raises `BadInput`."""
    path = file_to_recast(url)
    raw = key_under(_wrapped_of(path), path)
    with whole_file(file, replace=replace_it) as draft:
        draft.write_text(raw.hex() + "\n", encoding="ascii")


def passphrase_of_key_file() -> str | None:
    """What stands in the file that `DUBI_KEY_FILE` names; None where none is named. Raises `Locked`."""
    return of_key_file() if os.environ.get(KEY_FILE) else None
