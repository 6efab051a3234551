"""The certificate and the key of an office's server: do they belong together, do they hold, and for which names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from rules.loader.errors import BadInput, bare_reason

_HOW = "Cách làm chứng thư có trong tài liệu docs/may-chu.md, mục Chứng thư."
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # named, not listened on
"""Addresses to listen on that are no names."""


@dataclass(frozen=True, slots=True)
class Tls:
    """What an office's server shows, and under which names it is reached."""

    cert: Path
    key: Path
    names: frozenset[str]


def tls(host: str, cert: Path | None, key: Path | None, now: dt.datetime) -> Tls:
    """The certificate and the key, looked over; raises `BadInput` for any that would not serve."""
    if cert is None or key is None:
        raise BadInput(f"Máy chủ nhiều người dùng cần chứng thư và khoá: thêm --cert TỆP và --key TỆP. {_HOW}")
    shown = _certificate(cert)
    if now >= shown.not_valid_after_utc.replace(tzinfo=None):
        raise BadInput(f"Chứng thư “{cert}” đã hết hạn. {_HOW}")
    if now < shown.not_valid_before_utc.replace(tzinfo=None):
        raise BadInput(f"Chứng thư “{cert}” chưa đến ngày dùng. Kiểm tra ngày giờ của máy. {_HOW}")
    if _public(shown.public_key()) != _public_of(key):
        raise BadInput(f"Khoá “{key}” không phải của chứng thư “{cert}”. Chọn đúng cặp. {_HOW}")
    names = _names(shown) | (frozenset() if host in EVERYWHERE else {_as_in_an_address(host)})
    if not names:
        raise BadInput(f"Chứng thư “{cert}” không ghi tên máy nào. {_HOW}")
    return Tls(cert, key, names)


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_read(path))[0]
    except ValueError as error:
        raise BadInput(f"Tệp “{path}” không phải chứng thư dạng PEM. {_HOW}") from error


def _public_of(path: Path) -> bytes:
    try:
        return _public(load_pem_private_key(_read(path), None).public_key())
    except TypeError as error:  # the key itself is locked by a password
        raise BadInput(f"Khoá “{path}” có mật khẩu riêng; máy chủ không mở được. Dùng khoá không mật khẩu.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInput(f"Tệp “{path}” không phải khoá dạng PEM. {_HOW}") from error


def _public(key: object) -> bytes:
    written = getattr(key, "public_bytes")(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # noqa: B009  # of every kind
    assert isinstance(written, bytes)
    return written


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"Không đọc được tệp “{path}”: {bare_reason(error)}") from error


def _names(shown: x509.Certificate) -> frozenset[str]:
    """The names for which a certificate holds; one of a whole domain (with a star) names no machine."""
    try:
        found = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    names = [name.lower() for name in found.get_values_for_type(x509.DNSName) if "*" not in name]
    return frozenset([*names, *(_as_in_an_address(str(one)) for one in found.get_values_for_type(x509.IPAddress))])


def _as_in_an_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host.lower()
