"""A raw key under a passphrase and under a recovery code: either of them opens it, and nothing else does.

Argon2id makes a key of what is typed, AES-256-GCM closes the raw key with it. Both say in the file how they were used,
so that a later program may ask more of the machine and still open what an earlier one closed. Chosen before age with
scrypt, whose files say less of themselves: the same library already keeps the passwords of those who sign in.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from dataclasses import dataclass, replace
from typing import Any

from cases.store.keys.problems import KeyFileDamaged, WrongKey

FORM = 1
RAW_BYTES = 32
_NONCE, _SALT = 12, 16
_ROUNDS, _KIBIBYTES, _LANES = 3, 64 * 1024, 4
"""Of Argon2id: some tenths of a second on an office PC (RFC 9106, section 4, second recommended option)."""
_MOST_ROUNDS, _MOST_KIBIBYTES, _MOST_LANES = 20, 1024 * 1024, 16
"""A file may come from anybody: it makes the machine work no harder than this."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Those of a recovery code: none is taken for another on paper (no I, O, 0, 1)."""
_GROUPS, _IN_GROUP = 7, 4
"""Of a recovery code: 28 letters, 140 bits."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A raw key closed with something typed: how the key for it was made, and the closed bytes."""

    salt: bytes
    rounds: int
    kibibytes: int
    lanes: int
    box: bytes


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A raw key under its passphrase and its recovery code."""

    id: str
    """Names the raw key and tells nothing about it."""
    passphrase: Closed
    recovery: Closed
    earlier: tuple[bytes, ...] = ()
    """Raw keys of before, closed with this one: while the files of a store are being given another key."""


def new_raw() -> bytes:
    """A raw key that nobody has had before."""
    return secrets.token_bytes(RAW_BYTES)


def id_of(raw: bytes) -> str:
    """What names a raw key."""
    return hashlib.sha256(b"dubi raw key\0" + raw).hexdigest()[:16]


def new_code() -> str:
    """A recovery code as it is shown, to be written down on paper."""
    letters = [secrets.choice(_LETTERS) for _ in range(_GROUPS * _IN_GROUP)]
    return "-".join("".join(letters[at : at + _IN_GROUP]) for at in range(0, len(letters), _IN_GROUP))


def same_code(typed: str, code: str) -> bool:
    """Whether a recovery code was typed as it was shown; blanks, dashes and small letters do not matter."""
    return secrets.compare_digest(_code(typed).encode(), _code(code).encode())


def wrap(raw: bytes, passphrase: str, code: str, *, earlier: tuple[bytes, ...] = ()) -> Wrapped:
    """A raw key under a passphrase and a recovery code; ``earlier`` are raw keys that some file may still have."""
    name = id_of(raw)
    under = tuple(_close(raw, one, name) for one in earlier)
    return Wrapped(name, _closed(raw, _phrase(passphrase), name), _closed(raw, _code(code), name), under)


def with_passphrase(wrapped: Wrapped, raw: bytes, passphrase: str) -> Wrapped:
    """The same key under another passphrase; its recovery code stays."""
    return replace(wrapped, passphrase=_closed(raw, _phrase(passphrase), wrapped.id))


def with_code(wrapped: Wrapped, raw: bytes, code: str) -> Wrapped:
    """The same key under another recovery code; its passphrase stays."""
    return replace(wrapped, recovery=_closed(raw, _code(code), wrapped.id))


def opened(wrapped: Wrapped, typed: str) -> bytes:
    """The raw key, for who types the passphrase, the recovery code, or the raw key itself (64 digits of base 16).

    Raises `WrongKey`.
    """
    if raw := _raw(typed, wrapped.id):
        return raw
    tries = [(wrapped.passphrase, _phrase(typed))]
    if _code(typed):
        tries.append((wrapped.recovery, _code(typed)))
    for closed, secret in tries:
        if raw := _unclosed(closed, secret, wrapped.id):
            return raw
    raise WrongKey("Mật khẩu hay mã khôi phục không đúng.")


def earlier_of(wrapped: Wrapped, raw: bytes) -> tuple[bytes, ...]:
    """The raw keys of before that are closed with this one; raises `KeyFileDamaged`."""
    return tuple(_unclose(raw, box, wrapped.id) for box in wrapped.earlier)


def as_text(wrapped: Wrapped) -> str:
    """The wrapped key as it is kept in a file."""
    said: dict[str, Any] = {"form": FORM, "id": wrapped.id}
    for name, closed in (("passphrase", wrapped.passphrase), ("recovery", wrapped.recovery)):
        said[name] = {
            "argon2id": {"salt": closed.salt.hex(), "t": closed.rounds, "m": closed.kibibytes, "p": closed.lanes},
            "aes-256-gcm": closed.box.hex(),
        }
    if wrapped.earlier:
        said["earlier"] = [box.hex() for box in wrapped.earlier]
    return json.dumps(said) + "\n"


def from_text(text: str | bytes, place: object) -> Wrapped:
    """The wrapped key of such a text, which stands at a place; raises `KeyFileDamaged`."""
    try:
        said = json.loads(text)
        if said["form"] != FORM:
            raise KeyFileDamaged(f"Tệp khoá “{place}” do bản dubi khác tạo. Cài bản dubi mới rồi thử lại.")
        passphrase, recovery = (_closed_from(said[name]) for name in ("passphrase", "recovery"))
        earlier = tuple(bytes.fromhex(box) for box in said.get("earlier", ()))
        return Wrapped(str(said["id"]), passphrase, recovery, earlier)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise KeyFileDamaged(
            f"Tệp khoá “{place}” bị hỏng. Lấy lại từ một bản sao lưu của kho: dubi store key --from BẢN-SAO-LƯU"
        ) from error


def _closed_from(said: dict[str, Any]) -> Closed:
    how = said["argon2id"]
    found = Closed(
        bytes.fromhex(how["salt"]), int(how["t"]), int(how["m"]), int(how["p"]), bytes.fromhex(said["aes-256-gcm"])
    )
    if not (
        0 < found.rounds <= _MOST_ROUNDS
        and 0 < found.lanes <= _MOST_LANES
        and 8 * found.lanes <= found.kibibytes <= _MOST_KIBIBYTES
        and len(found.salt) == _SALT
    ):
        raise ValueError
    return found


def _phrase(typed: str) -> str:
    """A passphrase in one writing: keyboards make the signs of Vietnamese in several ways."""
    return unicodedata.normalize("NFKC", typed).strip()


def _code(typed: str) -> str:
    """A recovery code without what was put between its letters; nothing for what is none."""
    letters = "".join(typed.upper().replace("-", " ").split())
    return letters if len(letters) == _GROUPS * _IN_GROUP and set(letters) <= set(_LETTERS) else ""


def _raw(typed: str, name: str) -> bytes | None:
    text = typed.strip()
    if len(text) != 2 * RAW_BYTES:
        return None
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if id_of(raw) == name else None


def _closed(raw: bytes, secret: str, name: str) -> Closed:
    how = Closed(secrets.token_bytes(_SALT), _ROUNDS, _KIBIBYTES, _LANES, b"")
    return replace(how, box=_close(_key_from(secret, how), raw, name))


def _unclosed(closed: Closed, secret: str, name: str) -> bytes | None:
    try:
        return _unclose(_key_from(secret, closed), closed.box, name)
    except KeyFileDamaged:
        return None


def _key_from(secret: str, how: Closed) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(
        secret.encode(),
        how.salt,
        time_cost=how.rounds,
        memory_cost=how.kibibytes,
        parallelism=how.lanes,
        hash_len=RAW_BYTES,
        type=Type.ID,
    )


def _close(key: bytes, content: bytes, name: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, name.encode())


def _unclose(key: bytes, box: bytes, name: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise KeyFileDamaged("Tệp khoá bị hỏng.") from error
