"""Giving something out to be given back: nobody else can read it or make it (ChaCha20-Poly1305, RFC 8439)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

NONCE = 12


def seal(secret: bytes, about: bytes, said: bytes) -> str:
    """`said` as a word for addresses and cookies; it is opened only with the same `about`."""
    nonce = os.urandom(NONCE)
    return base64.urlsafe_b64encode(nonce + _cipher(secret).encrypt(nonce, said, about)).decode().rstrip("=")


def unseal(secret: bytes, about: bytes, word: str) -> bytes:
    """What was sealed. Raises `ValueError`."""
    try:
        raw = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        return _cipher(secret).decrypt(raw[:NONCE], raw[NONCE:], about)
    except (binascii.Error, InvalidTag) as error:
        raise ValueError("This was not sealed here, or not for this.") from error


def _cipher(secret: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.sha256(secret).digest())
