"""Keys under a passphrase made in no time, and opened by pyrage itself: an age file that asks for little work.

What is tested is what a key opens and what it does not, not how slowly a guess is answered. How such a file is made up
is said at https://age-encryption.org/v1 (scrypt recipient stanza, header MAC, payload).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

WITH_EFFORT = pyrage.passphrase.encrypt
_WORK = 4
"""The logarithm of the work; pyrage takes 17 and more, for a second of it."""


def _lightly(content: bytes, passphrase: str) -> bytes:
    salt, file_key, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)
    salted = b"age-encryption.org/v1/scrypt" + salt
    wrapping = hashlib.scrypt(passphrase.encode(), salt=salted, n=1 << _WORK, r=8, p=1, dklen=32)
    body = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    stanza = f"-> scrypt {_unpadded(salt)} {_WORK}\n{_unpadded(body)}\n"
    header = f"age-encryption.org/v1\n{stanza}---".encode()
    mac = hmac.digest(_derived(file_key, b"", b"header"), header, "sha256")
    only = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\1", content, None)
    return header + f" {_unpadded(mac)}\n".encode() + nonce + only


def _derived(key: bytes, salt: bytes, use: bytes) -> bytes:
    """HKDF of SHA-256, for one block."""
    return hmac.digest(hmac.digest(salt or bytes(32), key, "sha256"), use + b"\1", "sha256")


def _unpadded(content: bytes) -> str:
    return b64encode(content).decode().rstrip("=")


def make_lightly(patch: pytest.MonkeyPatch) -> None:
    """Have keys put under a passphrase in this way from now on; they are opened as ever."""
    patch.setattr(pyrage.passphrase, "encrypt", _lightly)
