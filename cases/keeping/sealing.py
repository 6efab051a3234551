"""Files that go from one store to another so that only whoever they are meant for can open them.

Written as age files (pyrage): a pair of keys, of which the public one is given away and the other is kept under a
passphrase. A library and its form of file are better kept than a way of encrypting of our own.
"""

from __future__ import annotations

from pathlib import Path

from cases.files.sources import SEALED
from cases.values.refusals import BadFile
from cases.values.whole_file import whole_file
from rules.loader.errors import BadInput

PUBLIC = "age1"
"""What the text of a public key begins with."""
_MOST_BYTES = 300_000_000


class NoKey(BadInput):
    """A file that should hold a key holds none, or a key does not open what it should."""


def make_pair(secret: Path, public: Path, passphrase: str) -> str:
    """Write a new pair of keys, each to its file; gives the public one.

    Raises `TargetExists` where one of the files is there: a key that is written over opens nothing again.
    """
    from pyrage import passphrase as by_passphrase
    from pyrage import x25519

    identity = x25519.Identity.generate()
    shown = str(identity.to_public())
    with whole_file(public, replace=False, as_it_came=True) as open_one:
        open_one.write_text(f"{shown}\n", encoding="ascii")
        with whole_file(secret, replace=False, as_it_came=True) as kept:
            kept.write_bytes(by_passphrase.encrypt(str(identity).encode("ascii"), passphrase))
    return shown


def seal(content: bytes, public: Path) -> bytes:
    """What only the owner of a public key can open; raises `NoKey` where the file holds none."""
    import pyrage

    try:
        text = public.read_text(encoding="ascii").strip()
        recipient = pyrage.x25519.Recipient.from_str(text)
    except (OSError, UnicodeDecodeError, pyrage.RecipientError):
        raise NoKey(f"“{public}” không phải là khoá công khai. Lấy tệp khoá công khai từ cấp nhận hồ sơ.") from None
    return bytes(pyrage.encrypt(content, [recipient]))


def unsealed(path: Path, secret: Path, passphrase: str) -> bytes:
    """What a sealed file holds; raises `NoKey` for another key or a wrong passphrase, `BadInput` for another file."""
    content = _read(path)
    if not content.startswith(SEALED):
        raise BadInput(f"“{path}” không phải là tệp đã khoá. Nhập tệp này không cần --key.")
    return opened(str(path), content, str(secret), _read(secret), passphrase)


def opened(name: str, content: bytes, key_name: str, key: bytes, passphrase: str) -> bytes:
    """What sealed bytes hold, by the bytes of a key and its passphrase; the names are for what is said. `NoKey`."""
    import pyrage
    from pyrage import passphrase as by_passphrase

    try:
        text = by_passphrase.decrypt(key, passphrase).decode("ascii")
        identity = pyrage.x25519.Identity.from_str(text)
    except (pyrage.DecryptError, UnicodeDecodeError, pyrage.IdentityError):
        raise NoKey(
            f"Mật khẩu không mở được khoá “{key_name}”, hoặc tệp ấy không phải là khoá. Gõ lại, hoặc chọn đúng tệp."
        ) from None
    try:
        return bytes(pyrage.decrypt(content, [identity]))
    except pyrage.DecryptError:
        raise NoKey(
            f"Khoá “{key_name}” không mở được “{name}”: tệp gửi cho khoá khác, hoặc đã hỏng trên đường. Chưa nhập gì; "
            "hỏi lại nơi gửi đã dùng khoá công khai nào."
        ) from None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadFile(path, "lớn quá mức của một sổ theo dõi.", "Kiểm tra có đúng tệp không.")
        return path.read_bytes()
    except OSError:
        raise BadInput(f"Không mở được tệp “{path}”. Kiểm tra lại tên tệp và thư mục.") from None
